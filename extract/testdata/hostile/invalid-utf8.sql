-- Bytes that are no UTF-8: grep calls the file binary and stops.
CREATE TABLE t(id INTEGER PRIMARY KEY, x TEXT);
INSERT INTO t VALUES(1,'ˇ˛ cafÈ');
INSERT INTO t VALUES(2,'Ì†Ä');
INSERT INTO t VALUES(3,'√');
INSERT INTO t VALUES(4,'üê® ‚Ä®');
