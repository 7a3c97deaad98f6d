-- No column list, and the target has its columns in another order.
CREATE TABLE t(id INTEGER PRIMARY KEY, a TEXT, b TEXT);
INSERT INTO t VALUES(1,'of a','of b');
INSERT INTO t(b,id,a) VALUES('of b',2,'of a');
