-- Not the shell's bytes: it prints Inf, which does not load.
CREATE TABLE t(x REAL, y);
INSERT INTO t VALUES(9e999, -9e999);
