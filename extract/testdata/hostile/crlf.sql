-- A script with CRLF at the end of each line.
CREATE TABLE t(
  id INTEGER PRIMARY KEY,
  x TEXT
);
INSERT INTO t VALUES(1,'a');
-- a comment
INSERT INTO t VALUES(2,'b');
