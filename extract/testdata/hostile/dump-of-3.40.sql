-- What the shell 3.40.1, which Debian has, prints.
PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE t(id INTEGER PRIMARY KEY, x TEXT, r REAL);
INSERT INTO t VALUES(1,replace('a\nb','\n',char(10)),1e999);
INSERT INTO t VALUES(2,replace(replace('a\r\nb','\r',char(13)),'\n',char(10)),-1e999);
INSERT INTO t VALUES(3,replace('a\nb\012c','\012',char(10)),0.10000000000000000555);
INSERT INTO t VALUES(4,replace('a''b\nc;\n','\n',char(10)),1.0);
COMMIT;
