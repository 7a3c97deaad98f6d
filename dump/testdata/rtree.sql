-- .dump --data-only
-- .dump --schema-only
-- The shadow tables' names are in double quotes.
CREATE VIRTUAL TABLE box USING rtree(id, x0, x1, +note TEXT);
INSERT INTO box VALUES(1, 0.5, 1.5, 'a'), (2, -1, 1, 'b');
