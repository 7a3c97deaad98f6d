-- A comment that is still open where the SQL of a table ends is closed.
PRAGMA writable_schema=ON;
CREATE TABLE a(x);
INSERT INTO a VALUES(1);
CREATE TABLE b(x);
INSERT INTO b VALUES(2);
CREATE TABLE c(x);
INSERT INTO c VALUES(3);
CREATE TABLE "d"(x);
CREATE TABLE e(x);
UPDATE sqlite_schema SET sql = sql || ' -- to the end' WHERE name = 'a';
UPDATE sqlite_schema SET sql = sql || ' /* to the end' WHERE name = 'b';
UPDATE sqlite_schema SET sql = sql || ' /* closed */ -- /* not' WHERE name = 'c';
UPDATE sqlite_schema SET sql = sql || ' /* -- */ -- ''' || char(10) || '-- "' WHERE name = 'd';
UPDATE sqlite_schema SET sql = replace(sql, '(', '/* '' */(') WHERE name = 'e';
