-- An index that holds all that is read of a table, in another order.
CREATE TABLE t(x TEXT, y TEXT AS (x || x || x || x) STORED);
CREATE INDEX i ON t(x);
INSERT INTO t VALUES('b');
INSERT INTO t VALUES('a');
