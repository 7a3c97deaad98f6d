-- .dump --preserve-rowids
-- .dump --preserve-rowids --data-only
-- Rowids of every kind, and names that hide them.
CREATE TABLE plain(x);
INSERT INTO plain(rowid, x) VALUES(5, 'five'), (-9223372036854775808, 'first'), (9223372036854775807, 'last'), (0, NULL);
CREATE TABLE alias(id INTEGER PRIMARY KEY, x);
INSERT INTO alias VALUES(7, 'seven'), (-1, 'minus one');
CREATE TABLE no_alias(id INT PRIMARY KEY, x);
INSERT INTO no_alias VALUES(2, 'b'), (1, 'a');
CREATE TABLE descending(id INTEGER PRIMARY KEY DESC, x);
INSERT INTO descending VALUES(2, 'b'), (1, 'a');
CREATE TABLE two_keys(a INTEGER, b INTEGER, PRIMARY KEY(a, b));
INSERT INTO two_keys VALUES(2, 1), (1, 2);
CREATE TABLE later_alias(x, id INTEGER, PRIMARY KEY(id));
INSERT INTO later_alias VALUES('b', 2), ('a', 1);
CREATE TABLE hides_one(RowID TEXT, x);
INSERT INTO hides_one VALUES('b', 2), ('a', 1);
CREATE TABLE hides_all(rowid, oid, _rowid_);
INSERT INTO hides_all VALUES(1, 2, 3);
CREATE TABLE keyed(k PRIMARY KEY, "order") WITHOUT ROWID;
INSERT INTO keyed VALUES(2, 'b'), (1, 'a');
