-- Rowids, given out of order or left to SQLite.
CREATE TABLE t(x);
INSERT INTO t(rowid,x) VALUES(7,'last');
INSERT INTO t(_rowid_,x) VALUES(3,'first');
INSERT INTO t(x) VALUES('behind it');
CREATE TABLE k(id INTEGER PRIMARY KEY, x);
INSERT INTO k VALUES(5,'last');
INSERT INTO k VALUES(1,'first');
INSERT INTO k VALUES(NULL,'behind it');
INSERT INTO k(x) VALUES('and another');
