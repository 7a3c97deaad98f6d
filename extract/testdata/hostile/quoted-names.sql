-- Names with quotes, semicolons and keywords, in all four kinds of quotes.
CREATE TABLE "weird""q"("a;b" INTEGER PRIMARY KEY, [c d], `e``f`, 'g''h', "select", "naïve");
INSERT INTO "weird""q" VALUES(1,2,3,4,5,6);
INSERT INTO [weird"q] VALUES(2,'a','b','c','d','e');
INSERT INTO 'weird"q'("naïve",'g''h',"a;b",`select`,[c d],`e``f`) VALUES(6,4,3,5,2,3);
CREATE TABLE ""(x);
INSERT INTO "" VALUES(1);
CREATE TABLE "INSERT INTO t VALUES(99);"("VALUES(99);");
INSERT INTO "INSERT INTO t VALUES(99);" VALUES(1);
