-- refused at 4:1: UNIQUE constraint failed: t.id
CREATE TABLE t(id TEXT PRIMARY KEY);
INSERT INTO t VALUES('a');
INSERT INTO t VALUES('a');
