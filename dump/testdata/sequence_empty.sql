-- An empty sqlite_sequence needs nothing.
CREATE TABLE a(id INTEGER PRIMARY KEY AUTOINCREMENT, x);
