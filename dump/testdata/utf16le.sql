-- .dump --preserve-rowids
-- Text is converted to UTF-8; half a surrogate pair becomes U+FFFD.
PRAGMA encoding = 'UTF-16le';
CREATE TABLE "größe"(x TEXT, "é" DEFAULT 'ü');
INSERT INTO "größe"(x) VALUES('é ü 漢字 🎉'), (''), ('a''b' || char(10)), (CAST(x'00d84100' AS TEXT)), (CAST(x'4100ff' AS TEXT)), (x'4100');
CREATE VIEW v AS SELECT 'ß' FROM "größe";
