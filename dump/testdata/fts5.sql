-- .dump --data-only
-- .dump --schema-only
-- .dump docs
-- .dump --nosys other
-- A virtual table goes straight into sqlite_schema; its shadow tables follow.
CREATE VIRTUAL TABLE docs USING fts5(title, body, tokenize='porter');
INSERT INTO docs VALUES('It''s a title', 'a body');
CREATE TABLE other(x);
INSERT INTO other VALUES(1);
CREATE TABLE docs_not_shadow(x);
CREATE INDEX docs_i ON other(x);
CREATE VIRTUAL TABLE "d'2" USING fts5(x, content='');
