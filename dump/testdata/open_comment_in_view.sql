-- A comment left open in a view is printed as it is, unlike one in a table.
CREATE VIEW v AS SELECT 1 /* open
