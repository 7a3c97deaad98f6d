-- A dump with sqlite_stat1.
PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE t(id INTEGER PRIMARY KEY, x);
INSERT INTO t VALUES(1,'b');
INSERT INTO t VALUES(2,'a');
ANALYZE sqlite_schema;
INSERT INTO sqlite_stat1 VALUES('t','i','2 1');
CREATE INDEX i ON t(x);
COMMIT;
