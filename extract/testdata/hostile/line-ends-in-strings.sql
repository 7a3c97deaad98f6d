-- CR and CRLF in strings, which goose, drizzle and git change.
CREATE TABLE t(id INTEGER PRIMARY KEY, x TEXT);
INSERT INTO t VALUES(1,'a
bc
d');
INSERT INTO t VALUES(2,'\r\n as text, and
 as such');
INSERT INTO t VALUES(3,'	 ');
