-- Names with line ends, which SQL has no other way to write.
CREATE TABLE "two
lines;
"(id INTEGER PRIMARY KEY, "a
b");
INSERT INTO "two
lines;
" VALUES(1,2);
INSERT INTO "two
lines;
" VALUES(2,'a');
