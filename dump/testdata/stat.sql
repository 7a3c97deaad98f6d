-- .dump --nosys
-- .dump --data-only
-- .dump --schema-only
-- .dump --preserve-rowids
-- ANALYZE makes tables whose rows are worth keeping.
CREATE TABLE a(x, y);
CREATE INDEX i ON a(x);
INSERT INTO a VALUES(1,2),(1,3),(2,4);
ANALYZE;
CREATE TABLE b(id INTEGER PRIMARY KEY AUTOINCREMENT);
INSERT INTO b VALUES(7);
