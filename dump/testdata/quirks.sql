-- Types that are not types, columns named like functions, defaults that are
-- expressions, expression and partial indexes, collations, odd spacing.
CREATE TABLE q(a "odd type" DEFAULT (1 + 2) CHECK(a > 0), count, "random()", d DATETIME, e TEXT COLLATE NOCASE, f VARCHAR(10), g BOOLEAN);
INSERT INTO q VALUES(1, 2, 3, '2025-01-01', 'E', 12, TRUE);
INSERT INTO q(count) VALUES(4);
CREATE INDEX qe ON q(e COLLATE RTRIM, lower(f)) WHERE g IS NOT NULL;
CREATE TABLE copy AS SELECT * FROM q;
CREATE TABLE "x"(a) ;
   CREATE    TABLE   spaced ( a ,
	b ) ;
create table lower(a);
CREATE TEMP TABLE gone(a);
CREATE TABLE q2(a, a2 AS (a), CONSTRAINT c FOREIGN KEY(a) REFERENCES q(a) DEFERRABLE INITIALLY DEFERRED);
