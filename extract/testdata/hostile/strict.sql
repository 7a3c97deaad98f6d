-- A STRICT table, whose ANY stores everything as it is.
CREATE TABLE t(id INTEGER PRIMARY KEY, t TEXT, i INT, a ANY, r REAL) STRICT;
INSERT INTO t VALUES(1,'1','1','1',1);
INSERT INTO t VALUES(2,'x',2,2,'2');
