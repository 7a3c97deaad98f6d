-- Text that would end the statement if quotes were not counted.
CREATE TABLE "User"(id INTEGER PRIMARY KEY, name TEXT);
INSERT INTO "User" VALUES(1,'a); INSERT INTO "User" VALUES(99,''evil''');
INSERT INTO "User" VALUES(2,'-- no comment');
INSERT INTO "User" VALUES(3,'/* no comment');
INSERT INTO "User" VALUES(4,'*/ '' "; DROP TABLE "User"; --');
