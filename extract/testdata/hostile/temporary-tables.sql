-- Tables of the connection alone, which hide others of their name.
CREATE TABLE t(x);
INSERT INTO t VALUES('a');
CREATE TEMP TABLE t(x);
INSERT INTO t VALUES('gone with the connection');
INSERT INTO main.t VALUES('b');
CREATE TEMPORARY TABLE only(x);
INSERT INTO temp.only VALUES('gone with the connection');
