-- Tables that are made with rows in them.
CREATE TABLE t(id INTEGER PRIMARY KEY, x TEXT);
INSERT INTO t VALUES(1,'a'),(2,'b');
CREATE TABLE copy AS SELECT id, x AS y FROM t WHERE id > 1;
CREATE TABLE IF NOT EXISTS "from values" AS VALUES(1,2),(3,4);
