-- Tables in the order of sqlite_schema, then views, triggers, indexes, each in
-- that order too; an index that a constraint makes has no SQL.
CREATE TABLE z(x UNIQUE);
CREATE INDEX i1 ON z(x DESC) WHERE x > 1;
CREATE TRIGGER tr1 AFTER INSERT ON z BEGIN
  UPDATE z SET x = x + 10 WHERE x = new.x; -- once
  SELECT 1;
END;
CREATE VIEW v2 AS SELECT * FROM z;
CREATE TABLE a(y REFERENCES z(x));
CREATE VIEW v1 AS SELECT * FROM a;
CREATE TRIGGER tr0 INSTEAD OF DELETE ON v1 BEGIN SELECT 2; END;
CREATE UNIQUE INDEX i0 ON a(y, y || 'a');
INSERT INTO z VALUES(2),(1);
INSERT INTO a VALUES(2);
