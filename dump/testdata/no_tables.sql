-- A database without tables: three lines.
CREATE TABLE t(x);
DROP TABLE t;
