-- SQLite keeps a comment and the line ends after an index, and .dump adds one:
-- with each reload there are more.
CREATE TABLE a(x);
CREATE INDEX i ON a(x) -- last
;
