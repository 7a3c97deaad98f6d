package sqltext_test

import (
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seedkit/seedkit/internal/sqltext"
)

// readStatements returns what a script inserts: a line for each row of literals, with the position
// of its statement, and a line for each other statement and for an error. With long, it also
// returns how many statements LongInsert has taken.
func readStatements(r io.Reader, size int, long bool) (lines []string, taken int) {
	s := sqltext.NewSplitterBuffered(r, "a.sql", size)
	var in sqltext.Insert
	add := func(at sqltext.Position, lead []byte, values []sqltext.Value) {
		lines = append(lines, fmt.Sprintf("%v %q %s %v", at, lead, in.Head(), values))
	}
	for {
		if long {
			var at sqltext.Position
			var lead []byte
			ok, err := s.LongInsert(&in, func(statement sqltext.Statement, _ int) error {
				at, lead = statement.Position, statement.Lead
				return nil
			}, func(values []sqltext.Value) error {
				add(at, lead, values)
				return nil
			})
			if err != nil {
				return append(lines, err.Error()), taken
			}
			if ok {
				taken++
				continue
			}
		}
		statement, err := s.Next()
		if err != nil {
			return append(lines, err.Error()), taken
		}
		err = in.Parse(statement)
		before := lines
		for row, rowErr := range in.Rows() {
			if err != nil || rowErr != nil {
				err = rowErr
				break
			}
			add(statement.Position, statement.Lead, row.Values)
		}
		if err != nil || len(in.Tail) > 0 {
			lines = append(before, fmt.Sprintf("%v %s", statement.Position, statement.Text))
		}
	}
}

// TestLongInsert reads scripts with windows that end anywhere.
func TestLongInsert(t *testing.T) {
	many := strings.Repeat("(1,'it''s; -- no comment',NULL),\n", 30)
	tests := []struct {
		name, script string
		long         int // how many statements are taken with a window of 64 bytes
	}{
		{"one", "INSERT INTO t VALUES\n" + many + "(2,'b',x'00ff');\n", 1},
		{"among others", "-- begin\nCREATE TABLE t(a);INSERT INTO t(a,b,c) VALUES" + many +
			" ( 2 , '' , -1.5e3 ) ; INSERT INTO t VALUES(1,2,3); -- end", 1},
		{"two", "insert into t values" + many + "(1,2,3);/* x */ REPLACE INTO t VALUES" + many +
			"(4,5,6);", 2},
		{"a tail", "INSERT INTO t VALUES" + many + "(1,2,3) ON CONFLICT DO NOTHING;SELECT 1;", 0},
		{"no literal", "INSERT INTO t VALUES" + many + "(1,2,random());SELECT 1;", 0},
		{"a query", "INSERT INTO t VALUES" + many + "(1,2,(SELECT ';'));SELECT 1;", 0},
		{"a comment", "INSERT INTO t VALUES" + many + "/* ; */(1,2,3);SELECT 1;", 0},
		{"another width", "INSERT INTO t VALUES" + many + "(1,2);SELECT 1;", 0},
		{"no end", "INSERT INTO t VALUES" + many + "(1,2,3)", 0},
		{"no row after a comma", "INSERT INTO t VALUES" + many + ";", 0},
		{"an open string", "INSERT INTO t VALUES" + many + "(1,2,'3);", 0},
		{"a schema", "INSERT INTO main.t VALUES" + many + "(1,2,3);", 0},
		{"a long row", "INSERT INTO t VALUES(1,2,'" + strings.Repeat("x", 500) + "');", 0},
		{"a NUL", "INSERT INTO t VALUES" + many + "(1,2,'\x00');", 0},
		{"functions", "INSERT INTO t VALUES" + many +
			`(1,unistr('\u0041'),replace('a','a','b'));`, 1},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			want, _ := readStatements(strings.NewReader(test.script), 1<<20, false)
			for size := 64; size < 64+40; size++ {
				got, taken := readStatements(strings.NewReader(test.script), size, true)
				if diff := cmp.Diff(want, got); diff != "" {
					t.Fatalf("window of %d: %s", size, diff)
				}
				if size == 64 && taken != test.long {
					t.Errorf("%d statements are taken, want %d", taken, test.long)
				}
			}
			_, taken := readStatements(io.MultiReader(strings.NewReader(test.script)), 64, true)
			if taken != 0 {
				t.Errorf("%d statements are taken from a pipe", taken)
			}
		})
	}
}
