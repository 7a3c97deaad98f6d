-- Rows on lines of their own, as the shell prints them for people.
CREATE TABLE t(id INTEGER PRIMARY KEY, x TEXT);
INSERT INTO t VALUES(1,'a'),
  (2,'b
(99,''no row''),
'),
  (3,NULL)
 ,(4,'d')
;
