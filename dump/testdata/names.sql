-- Names are bare if they are plain identifiers and no keywords. CREATE TABLE
-- of a quoted name gets IF NOT EXISTS, but not of one in backticks or brackets.
CREATE TABLE "table"("select" TEXT, "a b", [c d], `e``f`, "g""h", ordinary, "é", "1st", _x, "x$y");
INSERT INTO "table" VALUES('a', 1, 2, 3, 4, 5, 6, 7, 8, 9);
CREATE TABLE 'single '' quote'(x);
INSERT INTO 'single '' quote' VALUES(1);
CREATE TABLE `back``tick`(x);
INSERT INTO `back``tick` VALUES(1);
CREATE TABLE [in brackets](x);
INSERT INTO [in brackets] VALUES(1);
CREATE TABLE "Größe"(x);
INSERT INTO "Größe" VALUES(1);
CREATE TABLE IF NOT EXISTS "if not exists"(x);
INSERT INTO "if not exists" VALUES(1);
CREATE TABLE " "("");
INSERT INTO " " VALUES(1);
CREATE TABLE "INSERT INTO x VALUES(1);"(x);
INSERT INTO "INSERT INTO x VALUES(1);" VALUES(1);
