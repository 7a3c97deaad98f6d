-- refused at 4:6: UPDATE t SET x = 2; cannot be part of a seed
CREATE TABLE t(x);
INSERT INTO t VALUES('a
b'); UPDATE t SET x = 2;
