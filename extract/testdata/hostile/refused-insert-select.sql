-- refused at 4:3: INSERT INTO t SELECT x + 1 FROM t; cannot be part of a seed: FILE:4:17: met SELECT where VALUES is expected
CREATE TABLE t(x);
INSERT INTO t VALUES(1);
  INSERT INTO t SELECT x + 1 FROM t;
