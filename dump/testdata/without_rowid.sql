-- .dump --preserve-rowids
-- Rows in the order of the key.
CREATE TABLE a(x TEXT, y INT, PRIMARY KEY(y DESC, x)) WITHOUT ROWID;
INSERT INTO a VALUES('a', 1), ('b', 2), ('a', 2);
CREATE TABLE b(id INTEGER PRIMARY KEY, x) WITHOUT ROWID;
INSERT INTO b VALUES(3, 'c'), (1, 'a');
