-- .dump --data-only
-- .dump --schema-only
-- .dump --preserve-rowids
-- .dump --nosys
-- .dump --data-only --nosys --preserve-rowids
-- A schema such as Prisma makes.
CREATE TABLE "User"(id TEXT PRIMARY KEY, email TEXT NOT NULL UNIQUE, createdAt DATETIME DEFAULT CURRENT_TIMESTAMP);
INSERT INTO "User" VALUES('u1', 'kody@example.com', 1735689600000), ('u2', 'x@example.com', '2025-01-01T00:00:00.000+00:00');
CREATE TABLE "_AToB"("A" TEXT REFERENCES "User"(id) ON DELETE CASCADE, "B" TEXT);
INSERT INTO "_AToB" VALUES('u1', 'u2');
CREATE UNIQUE INDEX "_AToB_AB_unique" ON "_AToB"("A", "B");
CREATE TABLE counter(id INTEGER PRIMARY KEY AUTOINCREMENT);
INSERT INTO counter VALUES(41);
CREATE VIEW emails AS SELECT email FROM "User";
CREATE TRIGGER touch AFTER UPDATE ON "User" BEGIN SELECT 1; END;
