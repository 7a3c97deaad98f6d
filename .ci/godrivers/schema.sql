CREATE TABLE kinds (
	id      INTEGER PRIMARY KEY AUTOINCREMENT,
	name    TEXT NOT NULL UNIQUE,
	flag    BOOLEAN,
	at      DATETIME,
	day     DATE,
	number  REAL,
	text    TEXT,
	data    BLOB,
	empty   TEXT
)
--
INSERT INTO kinds VALUES (1, 'old', 1, '2024-01-02 03:04:05', '2024-01-02', 1.0, '2024-01-02T03:04:05Z', x'00ff', NULL)
--
INSERT INTO kinds VALUES (2, 'older', 0, 1735689600, 1735689600000, 1e300, 'b00', '', 'tb')
--
CREATE TABLE log (name TEXT)
--
CREATE TRIGGER logged AFTER INSERT ON kinds BEGIN
	INSERT INTO log VALUES (new.name);
END
