-- The target, to which a column was added before another was moved behind it.
CREATE TABLE t(b TEXT, id INTEGER PRIMARY KEY, c TEXT DEFAULT 'new', a TEXT);
