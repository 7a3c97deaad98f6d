-- A small page size, auto_vacuum, overflow pages and a freelist.
PRAGMA page_size = 512;
PRAGMA auto_vacuum = INCREMENTAL;
CREATE TABLE t(id INTEGER PRIMARY KEY, x TEXT, y BLOB);
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 60)
INSERT INTO t SELECT i, printf('%.*c', i * 7 % 2000, char(97 + i % 26)), CASE WHEN i % 5 THEN zeroblob(i % 40) END FROM n;
DELETE FROM t WHERE id % 3 = 0;
