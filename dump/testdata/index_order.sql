-- .dump --preserve-rowids
-- Without an ORDER BY, SQLite may read a narrower index instead of the table,
-- in its order.
CREATE TABLE g(a TEXT, wide TEXT AS (a || a));
INSERT INTO g(a) VALUES('b'), ('a'), ('c');
CREATE INDEX ga ON g(a);
CREATE TABLE w(k TEXT PRIMARY KEY, v INT) WITHOUT ROWID;
INSERT INTO w VALUES('b', 1), ('a', 2), ('c', 0);
CREATE INDEX wv ON w(v);
CREATE TABLE same(a INT, b INT);
INSERT INTO same VALUES(2, 1), (1, 2);
CREATE INDEX same_ab ON same(a, b);
CREATE TABLE pk(id INTEGER PRIMARY KEY, a INT);
INSERT INTO pk VALUES(1, 2), (2, 1);
CREATE INDEX pk_a ON pk(a);
CREATE TABLE part(a TEXT, b TEXT AS (a));
INSERT INTO part(a) VALUES('b'), ('a');
CREATE INDEX part_a ON part(a) WHERE a IS NOT NULL;
