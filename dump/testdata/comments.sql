-- Comments inside and at the end of schema SQL.
CREATE TABLE a(x /* of no type */, -- a comment
  y);
INSERT INTO a VALUES(1,2);
CREATE TABLE b(x) /* of b */;
CREATE TABLE c(x DEFAULT '--', y DEFAULT '/*');
INSERT INTO c DEFAULT VALUES;
CREATE VIEW v AS SELECT 1 -- one
;
CREATE VIEW w AS SELECT '--';
CREATE INDEX i ON a(x /* the first */);
CREATE TRIGGER t AFTER INSERT ON a BEGIN
  SELECT 1; -- in a trigger
END;
