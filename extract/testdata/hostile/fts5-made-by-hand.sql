-- Rows that go into a virtual table, and from there into its shadow tables.
CREATE TABLE post(id INTEGER PRIMARY KEY, body TEXT);
CREATE VIRTUAL TABLE ft USING fts5(body);
INSERT INTO post VALUES(1,'a');
INSERT INTO ft(rowid, body) VALUES(1,'a');
