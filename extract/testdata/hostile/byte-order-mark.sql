CREATE TABLE t(id INTEGER PRIMARY KEY, x TEXT);
-- A byte order mark in front.
INSERT INTO t VALUES(1,'﻿a');
