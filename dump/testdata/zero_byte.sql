-- Not the shell's bytes: it cuts the text at the NUL, which would lose the rest.
CREATE TABLE t(x TEXT);
INSERT INTO t VALUES('a' || char(0) || 'b'), (char(0)), ('a' || char(0)), (char(0, 10) || '''é');
