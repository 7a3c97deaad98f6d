-- Lines of a string that look like INSERTs.
CREATE TABLE plain(id INTEGER PRIMARY KEY, body TEXT);
INSERT INTO plain VALUES(1,'a
INSERT INTO plain VALUES(99,''no row'');
');
INSERT INTO plain VALUES(2,'; INSERT INTO plain VALUES(98,''no row'');');
