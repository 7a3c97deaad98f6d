package model_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seedkit/seedkit/internal/model"
	"github.com/seedkit/seedkit/internal/schema"
)

// TestSeen checks which values of rows count as those of their column: of the model's own database,
// and of another one, whose rows may be personal data.
func TestSeen(t *testing.T) {
	const table = `CREATE TABLE job(id INTEGER PRIMARY KEY, status TEXT, step TEXT, owner TEXT,
		n INT, kind INT, password TEXT, day DATE, is_new INT, code TEXT UNIQUE)`
	const script = table + `; WITH RECURSIVE series(n) AS
		(VALUES (1) UNION ALL SELECT n + 1 FROM series WHERE n < 12)
		INSERT INTO job SELECT n, iif(n % 2, 'open', 'shut'), 'a', 'Jane ' || (n % 4), n, n % 3,
			'x', '2024-01-01', 1, 'c' || n FROM series`
	seen := func(m *model.Model) map[string]string {
		out := map[string]string{}
		for _, c := range m.Tables[0].Columns {
			if len(c.Seen) > 0 {
				out[c.Name] = ""
				for _, v := range c.Seen {
					out[c.Name] += fmt.Sprint(v.Data(), v.Int64(), " ")
				}
			}
		}
		return out
	}
	own, c := read(t, script)
	want := map[string]string{
		"status": "open0 shut0 ", "step": "a0 ", "owner": "Jane 00 Jane 10 Jane 20 Jane 30 ",
		"kind": "0 1 2 ",
	}
	if diff := cmp.Diff(want, seen(own)); diff != "" {
		t.Errorf("own rows:\n%s", diff)
	}
	_, empty := read(t, table)
	s, err := schema.Read(c)
	if err != nil {
		t.Fatal(err)
	}
	m, err := model.Read(empty, model.Database{Conn: c, Schema: s, Name: "production.db"})
	if err != nil {
		t.Fatal(err)
	}
	delete(want, "step")
	delete(want, "owner")
	if diff := cmp.Diff(want, seen(m)); diff != "" {
		t.Errorf("rows of another database:\n%s", diff)
	}
}
