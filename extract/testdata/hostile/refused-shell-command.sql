-- refused at 3:1: ".read" is no SQL: commands of the sqlite3 shell cannot be run here
CREATE TABLE t(x);
.read other.sql
