-- The largest page.
PRAGMA page_size = 65536;
CREATE TABLE t(x);
INSERT INTO t VALUES('a'), ('b');
