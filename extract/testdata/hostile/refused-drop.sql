-- refused at 4:1: DROP TABLE t; cannot be part of a seed: it takes away rows that were inserted before
CREATE TABLE t(x);
INSERT INTO t VALUES(1);
DROP TABLE t;
