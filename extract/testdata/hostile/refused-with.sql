-- refused at 3:1: WITH a(x) AS (SELECT 1) INSERT INTO t SE… cannot be part of a seed
CREATE TABLE t(x);
WITH a(x) AS (SELECT 1) INSERT INTO t SELECT x FROM a;
