-- A dump with AUTOINCREMENT counters, which in another database must never be lowered nor erased.
PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE a(id INTEGER PRIMARY KEY AUTOINCREMENT, x);
INSERT INTO a VALUES(1,'a');
INSERT INTO a VALUES(7,'b');
CREATE TABLE b(id INTEGER PRIMARY KEY AUTOINCREMENT);
INSERT INTO b VALUES(2000);
CREATE TABLE c(id INTEGER PRIMARY KEY AUTOINCREMENT);
PRAGMA writable_schema=ON;
CREATE TABLE IF NOT EXISTS sqlite_sequence(name,seq);
DELETE FROM sqlite_sequence;
INSERT INTO sqlite_sequence VALUES('a',7);
INSERT INTO sqlite_sequence VALUES('b',2000);
INSERT INTO sqlite_sequence VALUES('c',9);
PRAGMA writable_schema=OFF;
COMMIT;
