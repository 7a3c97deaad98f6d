-- refused at 4:22: string without its closing quote
CREATE TABLE t(x);
INSERT INTO t VALUES(1);
INSERT INTO t VALUES('a
INSERT INTO t VALUES(2);
