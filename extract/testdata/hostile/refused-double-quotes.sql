-- refused at 3:1: INSERT INTO t VALUES("text"); cannot be part of a seed: FILE:3:22: met "text" where a literal is expected
CREATE TABLE t(x);
INSERT INTO t VALUES("text");
