-- Blobs are lower case.
CREATE TABLE b(x, y BLOB, z TEXT);
INSERT INTO b VALUES(x'', x'DEADBEEF', x'00'), (x'0a0b0c', zeroblob(3), x'27');
