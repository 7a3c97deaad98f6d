-- refused at 3:1: INSERT INTO t VALUES(Inf); cannot be part of a seed: FILE:3:22: met Inf where a literal is expected
CREATE TABLE t(x REAL);
INSERT INTO t VALUES(Inf);
