package scan

import (
	"fmt"
	"iter"
	"strings"

	"github.com/seedkit/seedkit/internal/sqlite"
)

// step yields the query's rows as SQLite reads them.
func (s *Scanner) step(q Query) iter.Seq2[[]Value, error] {
	return func(yield func([]Value, error) bool) {
		var r stepped
		for row, err := range s.conn.Query(q.SQL) {
			if err != nil {
				yield(nil, s.pageOf(err, q.Table))
				return
			}
			if !yield(r.read(row), nil) {
				return
			}
		}
	}
}

// stepped is a row that SQLite has read.
type stepped struct {
	values  []Value
	numbers []byte // eight bytes for every column
}

func (r *stepped) read(row *sqlite.Stmt) []Value {
	if r.values == nil {
		r.values = make([]Value, row.Columns())
		r.numbers = make([]byte, 8*len(r.values))
	}
	for i := range r.values {
		number := r.numbers[8*i:][:8]
		switch row.Kind(i) {
		case sqlite.Integer:
			r.values[i] = int64Value(number, row.Int64(i))
		case sqlite.Real:
			r.values[i] = float64Value(number, row.Float64(i))
		case sqlite.Text:
			r.values[i] = textValue(row.View(i))
		case sqlite.Blob:
			r.values[i] = blobValue(row.View(i))
		default:
			r.values[i] = Value{}
		}
	}
	return r.values
}

func (s *Scanner) stepText(
	q Query, format Format, write func(text []byte, rows int64) error,
) error {
	var rows int64 // rows that are not written yet
	b := Buffer{full: PieceSize, write: func(text []byte) error {
		ended := rows
		rows = 0
		return write(text, ended)
	}}
	for row, err := range s.step(q) {
		if err != nil {
			return err
		}
		format(&b, row)
		rows++
		if b.Spill(); b.err != nil {
			return b.err
		}
	}
	if rows == 0 && len(b.Bytes) == 0 {
		return nil
	}
	return b.flush()
}

// pageOf adds to SQLite's error about a corrupt table what is corrupt and on which page. SQLite
// reports that only when asked to check the table.
func (s *Scanner) pageOf(err error, table string) error {
	if !sqlite.Is(err, sqlite.Corrupt) {
		return err
	}
	found, checkErr := s.conn.Value("SELECT quick_check FROM pragma_quick_check(?) LIMIT 1", table)
	if checkErr != nil || found.Data() == "ok" {
		return err
	}
	lines := strings.Split(found.Data(), "\n") // the first of several lines names the database
	return fmt.Errorf("%w: %s", err, lines[min(1, len(lines)-1)])
}
