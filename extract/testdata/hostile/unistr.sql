-- unistr(), which older versions of SQLite, D1 and libSQL lack.
CREATE TABLE t(id INTEGER PRIMARY KEY, x TEXT);
INSERT INTO t VALUES(1,unistr('a\u000ab\u000dc\\d'));
INSERT INTO t VALUES(2,unistr('\u0001\u001f it''s \+01F428'));
