-- refused at 5:1: ROLLBACK; cannot be part of a seed
CREATE TABLE t(x);
BEGIN;
INSERT INTO t VALUES(1);
ROLLBACK;
