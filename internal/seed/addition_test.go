package seed_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/seedkit/seedkit/internal/seed"
)

// TestAdditions checks that a script may have statements that add a part to a row's value, and no
// similar ones.
func TestAdditions(t *testing.T) {
	const row = "CREATE TABLE t(id INTEGER PRIMARY KEY, a, b); " +
		"INSERT INTO t VALUES(1, 'a', x'00');\n"
	tests := []struct{ statement, want string }{
		{`UPDATE "t" SET "a" = "a" || 'b' WHERE "id" = 1;`, "ab"},
		{`update t set a=a||replace('\n','\n',char(10)) where id=1 and a = 'a' COLLATE "BINARY"`,
			"a\n"},
		{`UPDATE "t" SET "b" = CAST("b" || x'62' AS BLOB) WHERE "id" = 1;`, "a"},
		{`UPDATE t SET a = b || 'b' WHERE id = 1;`, ""},
		{`UPDATE t SET a = a || b WHERE id = 1;`, ""},
		{`UPDATE t SET a = a || 'b';`, ""},
		{`UPDATE t SET a = a || 'b' WHERE id > 1;`, ""},
		{`UPDATE t SET a = a || 'b' WHERE id = 1 OR 1;`, ""},
		{`UPDATE t SET a = a || 'b', b = 1 WHERE id = 1;`, ""},
		{`UPDATE t SET a = CAST(a || 'b' AS TEXT) WHERE id = 1;`, ""},
		{`UPDATE t SET a = a || 'b' WHERE id = 2;`, ""},
	}
	for _, test := range tests {
		s, err := seed.Open(t.Context(),
			seed.Source{Path: "test.sql", Script: strings.NewReader(row + test.statement)})
		if test.want == "" {
			var at *seed.StatementError
			if !errors.As(err, &at) || at.Line != 2 {
				t.Errorf("%s: got %v, want a StatementError in line 2", test.statement, err)
			}
			continue
		}
		if err != nil {
			t.Errorf("%s: %v", test.statement, err)
			continue
		}
		for row, err := range s.Conn.Query("SELECT a FROM t") {
			if err != nil || row.Text(0) != test.want {
				t.Errorf("%s: got %v, %q, want %q", test.statement, err, row.Text(0), test.want)
			}
		}
		s.Close()
	}
}
