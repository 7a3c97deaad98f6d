-- A table called "": the shell prints INSERTs into tab.
CREATE TABLE ""("" INT, x);
INSERT INTO "" VALUES(1, 2);
