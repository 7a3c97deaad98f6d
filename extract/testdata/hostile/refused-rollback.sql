-- refused at 5:1: the script is not whole: ROLLBACK takes back what the script inserts; sqlite3 writes it where a dump has failed
CREATE TABLE t(x);
BEGIN;
INSERT INTO t VALUES(1);
ROLLBACK;
