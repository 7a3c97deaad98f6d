-- refused at 3:1: INSERT INTO t VALUES(1),(datetime('now')… cannot be part of a seed: FILE:3:26: met datetime where a literal is expected
CREATE TABLE t(x);
INSERT INTO t VALUES(1),(datetime('now'));
