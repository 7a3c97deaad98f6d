-- Generated columns, which cannot be inserted into.
CREATE TABLE t(id INTEGER PRIMARY KEY, twice AS (id * 2), x TEXT, loud TEXT GENERATED ALWAYS AS (upper(x)) STORED);
INSERT INTO t VALUES(1,'a');
INSERT INTO t(x,id) VALUES('b',2);
