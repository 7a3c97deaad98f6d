-- The other byte order.
PRAGMA encoding = 'UTF-16be';
CREATE TABLE "größe"(x TEXT, "é" DEFAULT 'ü');
INSERT INTO "größe"(x) VALUES('é ü 漢字 🎉'), (''), ('a''b' || char(10)), (CAST(x'd8000041' AS TEXT));
