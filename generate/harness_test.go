package generate_test

import (
	"errors"
	"fmt"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/seedkit/seedkit/generate"
	"github.com/seedkit/seedkit/internal/sqlite"
	"github.com/seedkit/seedkit/internal/sqltext"
)

// fill is the body of a set.
type fill = func(s *generate.Fixtures)

// options returns Options with one set on a schema.
func options(schema string, fixtures fill) generate.Options {
	return generate.Options{SchemaSQL: schema, Sets: []generate.Set{{Name: "test", Fill: fixtures}}}
}

// database is a generated database.
type database struct {
	t      *testing.T
	path   string
	report generate.Report
	c      *sqlite.Conn
}

// write generates a database and checks what must hold for every one.
func write(t *testing.T, opts generate.Options) *database {
	t.Helper()
	d := &database{t: t, path: filepath.Join(t.TempDir(), "seed.db")}
	var err error
	if d.report, err = generate.Write(t.Context(), d.path, opts); err != nil {
		t.Fatal(err)
	}
	if d.c, err = sqlite.Open(t.Context(), d.path, sqlite.ReadOnly); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.c.Close() })
	for sql, want := range map[string]string{
		"PRAGMA integrity_check": "ok", "PRAGMA foreign_key_check": "",
		"PRAGMA journal_mode": "delete",
	} {
		if got := strings.Join(d.query(sql), "\n"); got != want {
			t.Fatalf("%s: %s", sql, got)
		}
	}
	return d
}

// query returns the rows of a result, with | between columns.
func (d *database) query(sql string, args ...any) []string {
	d.t.Helper()
	var rows []string
	for row, err := range d.c.Query(sql, args...) {
		if err != nil {
			d.t.Fatalf("%s: %v", sql, err)
		}
		columns := make([]string, row.Columns())
		for i := range columns {
			columns[i] = row.Text(i)
		}
		rows = append(rows, strings.Join(columns, "|"))
	}
	return rows
}

// one returns the only row of a result.
func (d *database) one(sql string, args ...any) string {
	d.t.Helper()
	rows := d.query(sql, args...)
	if len(rows) != 1 {
		d.t.Fatalf("%s: %d rows, want one", sql, len(rows))
	}
	return rows[0]
}

// rows returns every row of a database's tables with its columns by name, so that the order of rows
// and columns does not matter.
func (d *database) rows() map[string]bool {
	d.t.Helper()
	out := map[string]bool{}
	for _, table := range d.query("SELECT name FROM sqlite_schema " +
		"WHERE type = 'table' AND name NOT LIKE 'sqlite%'") {
		expression := d.one(
			`SELECT group_concat('''"' || name || '":'' || quote("' || name || '")', `+
				`' || ' ORDER BY name) FROM pragma_table_info(?)`, table,
		)
		name := sqltext.QuoteIdent(table)
		for _, row := range d.query(fmt.Sprintf("SELECT %s FROM %s", expression, name)) {
			out[table+" "+row] = true
		}
	}
	return out
}

// mistakes generates a database from wrong fixtures and returns the messages for every path.
func mistakes(t *testing.T, opts generate.Options) []string {
	t.Helper()
	var out []string
	for _, m := range fixtureErrors(t, opts) {
		_, text, _ := strings.Cut(m.Error(), fmt.Sprintf("%s:%d: ", m.File, m.Line))
		out = append(out, text)
	}
	return out
}

func fixtureErrors(t *testing.T, opts generate.Options) []*generate.FixtureError {
	t.Helper()
	path := filepath.Join(t.TempDir(), "seed.db")
	_, err := generate.Write(t.Context(), path, opts)
	if err == nil {
		t.Fatal("no error")
	}
	if left, _ := filepath.Glob(filepath.Join(filepath.Dir(path), "*")); len(left) > 0 {
		t.Errorf("%v left behind", left)
	}
	joined, ok := errors.AsType[interface {
		error
		Unwrap() []error
	}](err)
	if !ok {
		t.Fatalf("not fixture errors: %v", err)
	}
	var out []*generate.FixtureError
	for _, err := range joined.Unwrap() {
		m, ok := errors.AsType[*generate.FixtureError](err)
		if !ok {
			t.Fatalf("not a fixture error: %v", err)
		}
		out = append(out, m)
	}
	return out
}

// line returns the line of the caller.
func line() int {
	_, _, line, _ := runtime.Caller(1)
	return line
}
