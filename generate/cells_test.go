package generate

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestRedraw checks which cells of a refused row another attempt draws again.
func TestRedraw(t *testing.T) {
	const random = known | drawn
	_, templates := compileSet(t, `
		CREATE TABLE room(house INT, n INT, PRIMARY KEY(house, n));
		CREATE TABLE stay(id INTEGER PRIMARY KEY, house INT, room INT, code TEXT, name TEXT,
			since DATETIME, guest TEXT, FOREIGN KEY(house, room) REFERENCES room)`,
		func(s *Fixtures) { s.Add("stay", "a", Row{"guest": FullName, "code": "x"}) })
	table := templates[0].table
	all := map[string]cellState{
		"id": random, "house": random, "room": random, "code": known, "name": random,
		"since": random, "guest": random,
	}
	tests := []struct {
		blames string
		blamed []string
		states map[string]cellState // where they differ from all
		uses   map[string]string    // a column on which another depends
		want   []string
	}{
		{"an unknown constraint", nil, nil, nil,
			[]string{"house", "room", "name", "since", "guest"}},
		{"a guess", []string{"name"}, nil, nil, []string{"name"}},
		{"the primary key", []string{"id"}, nil, nil, []string{"id"}},
		{"half of a reference", []string{"room"}, nil, nil, []string{"house", "room"}},
		{"a time that depends on a guess", []string{"since"}, nil,
			map[string]string{"since": "name"}, []string{"name", "since"}},
		{"a guess on which values depend", []string{"name"}, nil,
			map[string]string{"since": "name", "guest": "since"},
			[]string{"name", "since", "guest"}},
		{"a value that depends on a key", []string{"guest"}, nil,
			map[string]string{"guest": "id"}, []string{"id", "guest"}},
		{"a value of the fixture", []string{"code"}, nil, nil, nil},
		{"a value in another row", []string{"name"},
			map[string]cellState{"name": random | lent}, nil, nil},
		{"one of two values in another row", []string{"id", "name"},
			map[string]cellState{"id": random | lent}, nil, []string{"name"}},
	}
	for _, test := range tests {
		r := &row{table: table, template: templates[0]}
		for name, state := range all {
			if other, ok := test.states[name]; ok {
				state = other
			}
			i, _ := table.Find(name)
			r.cell(i).state = state
			if used, ok := test.uses[name]; ok {
				j, _ := table.Find(used)
				r.cell(i).uses = columnBit(j)
			}
		}
		blamed, _ := table.Indexes(test.blamed)
		changed := r.redraw(blamed)
		var got []string
		for i, c := range table.Columns {
			if r.cells[i].state == 0 && r.cells[i].tries == 1 {
				got = append(got, c.Name)
			}
		}
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Errorf("%s:\n%s", test.blames, diff)
		}
		if changed != (len(test.want) > 0) || r.attempt > 0 != changed {
			t.Errorf("%s: changed %t in attempt %d", test.blames, changed, r.attempt)
		}
	}
}
