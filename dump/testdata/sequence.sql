-- .dump --nosys
-- .dump --data-only
-- .dump --schema-only
-- .dump --preserve-rowids
-- .dump sqlite_sequence
-- AUTOINCREMENT: sqlite_sequence comes last, after a DELETE of what the INSERTs
-- before it made.
CREATE TABLE a(id INTEGER PRIMARY KEY AUTOINCREMENT, x);
INSERT INTO a(x) VALUES('one'),('two'),('three');
DELETE FROM a WHERE x = 'three';
CREATE TABLE b(id INTEGER PRIMARY KEY AUTOINCREMENT);
CREATE TABLE c(x);
INSERT INTO c VALUES(1);
