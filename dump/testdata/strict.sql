-- STRICT tables; ANY keeps what it gets.
CREATE TABLE s(i INT, r REAL, t TEXT, b BLOB, a ANY) STRICT;
INSERT INTO s VALUES(1, 2, '3', x'04', '5'), (-1, 1e300, '', x'', 5.0), (NULL, NULL, NULL, NULL, 7);
CREATE TABLE w(k ANY PRIMARY KEY) STRICT, WITHOUT ROWID;
INSERT INTO w VALUES(x'61'), ('a'), (1), (0.5);
