-- A trigger made before the rows fires: its rows are in the database, and not in the text.
CREATE TABLE t(id INTEGER PRIMARY KEY, x TEXT);
CREATE TABLE log(x TEXT);
CREATE TRIGGER tr AFTER INSERT ON t BEGIN INSERT INTO log VALUES(new.x); UPDATE t SET x = upper(x) WHERE id = new.id; END;
INSERT INTO t VALUES(1,'a');
INSERT INTO t VALUES(2,'b');
