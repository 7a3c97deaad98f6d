-- Generated columns, stored and virtual, are left out.
CREATE TABLE g(a INT, b INT AS (a * 2) STORED, c TEXT, d TEXT GENERATED ALWAYS AS (c || b) VIRTUAL, e);
INSERT INTO g(a, c, e) VALUES(1, 'x', 'last'), (2, 'y', NULL);
CREATE INDEX gd ON g(d);
