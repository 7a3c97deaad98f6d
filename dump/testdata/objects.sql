-- .dump user
-- .dump t\_1
-- .dump t_1 --data-only
-- .dump %a% v
-- .dump USER user
-- .dump none
-- .dump --schema-only user%
-- LIKE patterns on the names of all objects.
CREATE TABLE user(id INTEGER PRIMARY KEY AUTOINCREMENT, name);
INSERT INTO user(name) VALUES('kody');
CREATE INDEX user_name ON user(name);
CREATE TABLE t_1(x);
INSERT INTO t_1 VALUES(1);
CREATE TABLE tr1x(x);
CREATE TRIGGER tr1 AFTER INSERT ON t_1 BEGIN SELECT 1; END;
CREATE TABLE "a%b"(x);
INSERT INTO "a%b" VALUES(1);
CREATE VIEW v AS SELECT * FROM user;
CREATE VIEW va AS SELECT 1 -- one
;
