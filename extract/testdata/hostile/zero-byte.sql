-- Text with a NUL in it, of which most exporters keep the part before.
CREATE TABLE t(id INTEGER PRIMARY KEY, x TEXT, y BLOB);
INSERT INTO t VALUES(1,CAST(x'6e756c006166746572' AS TEXT),x'00ff');
INSERT INTO t VALUES(2,char(110,0,110),X'ABCDEF');
INSERT INTO t VALUES(3,'nul\0after',x'');
