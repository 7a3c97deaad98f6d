package seed_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/seedkit/seedkit/internal/seed"
)

const ends = "CREATE TABLE t(x);\n"

func TestReplayRefusesWhatIsNotWhole(t *testing.T) {
	tests := []struct{ name, script, want string }{
		{"BEGIN", "PRAGMA foreign_keys=OFF;\nBEGIN TRANSACTION;\n" + ends +
			"INSERT INTO t VALUES(1);\n",
			"test.sql:2:1: the script is not whole: the transaction that begins here is not " +
				"committed"},
		{"the last of two", "BEGIN;\n" + ends +
			"COMMIT;\n  BEGIN IMMEDIATE;INSERT INTO t VALUES(1)",
			"test.sql:4:3: the script is not whole: the transaction that begins here is not " +
				"committed"},
		{"a savepoint", ends + "SAVEPOINT a; SAVEPOINT b; RELEASE b; INSERT INTO t VALUES(1);",
			"test.sql:2:1: the script is not whole: savepoint a is not released"},
		{"a savepoint that another hides", ends + "SAVEPOINT a; SAVEPOINT A; RELEASE a;",
			"test.sql:2:1: the script is not whole: savepoint a is not released"},
		{"a dump that another follows", "BEGIN;\n" + ends + "BEGIN;\nCOMMIT;\n",
			"test.sql:3:1: the script is not whole: the transaction that begins on line 1 does " +
				"not end before this BEGIN"},
		{"its beginning", ends + "INSERT INTO t VALUES(1);\nCOMMIT;\n",
			"test.sql:3:1: the script is not whole: nothing begins the transaction that ends here"},
		{"a dump that failed", "BEGIN;\n" + ends + "ROLLBACK; -- due to errors\n",
			"test.sql:3:1: the script is not whole: ROLLBACK takes back what the script inserts; " +
				"sqlite3 writes it where a dump has failed"},
		{"corruption", "BEGIN;\n" + ends +
			"/****** CORRUPTION ERROR *******/\n/****** database disk image is malformed " +
			"******/\nINSERT INTO t VALUES(1);\nCOMMIT;\n",
			"test.sql:3:1: the script is not whole: sqlite3 has failed here: " +
				"/****** CORRUPTION ERROR *******/"},
		{"an error", "BEGIN;\n" + ends +
			"INSERT INTO t VALUES(1);\n/**** ERROR: (11) database disk image is malformed " +
			"*****/\nCOMMIT;\n",
			"test.sql:4:1: the script is not whole: sqlite3 has failed here: /**** ERROR: " +
				"(11) database disk image is…"},
		{"an error at the end", ends + "/****** ERROR: no such module: x ******/",
			"test.sql:2:1: the script is not whole: sqlite3 has failed here: /****** ERROR: " +
				"no such module: x ******/"},
		{"inside an INSERT", ends + "INSERT INTO t VALUES(1),(2",
			"test.sql:2:1: the script is not whole: it ends inside this statement"},
		{"behind VALUES", ends + "INSERT INTO t VALUES",
			"test.sql:2:1: the script is not whole: it ends inside this statement"},
		{"inside a word", "BEGIN;\n" + ends + "INSERT INTO t VALUES(1);\nCOMM",
			"test.sql:1:1: the script is not whole: the transaction that begins here is not " +
				"committed"},
		{"inside a CREATE", ends + "CREATE TABLE u(a,",
			"test.sql:2:1: the script is not whole: it ends inside this statement"},
		{"inside a string", ends + "INSERT INTO t VALUES('a",
			"test.sql:2:22: string without its closing quote"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, err := open(t, test.script, "")
			if err == nil || err.Error() != test.want {
				t.Fatalf("got %v, want %s", err, test.want)
			}
			if strings.Contains(test.want, "not whole") && !errors.Is(err, seed.ErrNotWhole) {
				t.Error("it is not ErrNotWhole")
			}
		})
	}
}

func TestReplayTakesWhatIsWhole(t *testing.T) {
	for _, script := range []string{
		"BEGIN;" + ends + "COMMIT;BEGIN;INSERT INTO t VALUES(1);END",
		"BEGIN;SAVEPOINT a;" + ends + "INSERT INTO t VALUES(1);COMMIT;",
		"SAVEPOINT a;SAVEPOINT b;" + ends + "INSERT INTO t VALUES(1);RELEASE a;",
		ends + "INSERT INTO t VALUES('\n/****** CORRUPTION ERROR *******/\n/**** ERROR: " +
			"(1) *****/\nROLLBACK; -- due to errors\n')",
		ends + "-- BEGIN;\n/* BEGIN; */ INSERT INTO t VALUES('BEGIN;') -- /**** ERROR: (1) *****/",
	} {
		if _, err := open(t, script, ""); err != nil {
			t.Errorf("%s: %v", script, err)
		}
	}
}
