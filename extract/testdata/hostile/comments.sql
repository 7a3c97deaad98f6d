-- Comments between and inside of statements, and one without an end.
CREATE TABLE t(id INTEGER PRIMARY KEY, x TEXT) -- the table
; /* a; b */ INSERT /* into */ INTO t -- not u
VALUES /* (99,'no row'), */ (1 -- one
,'a' /* ;
INSERT INTO t VALUES(98,'no row'); */ ) -- before the semicolon
;;;
-- INSERT INTO t VALUES(97,'no row');
INSERT INTO t VALUES(2,'b')--;
--INSERT INTO t VALUES(96,'no row')
;
INSERT INTO t VALUES(3,'c') /* without an end; INSERT INTO t VALUES(95,'no row');
