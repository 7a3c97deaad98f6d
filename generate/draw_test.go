package generate

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seedkit/seedkit/internal/model"
	"github.com/seedkit/seedkit/internal/sqlite"
	"github.com/seedkit/seedkit/internal/timeform"
)

// drawerFor returns the rows of one set on a schema, and a drawer of their cells. Without a
// database, the defaults are 7, the clock for the column at, and the seed for the column random.
func drawerFor(t *testing.T, schema string, fill func(*Fixtures)) (*plot, *drawer) {
	t.Helper()
	m, templates := compileSet(t, schema, fill)
	p := newPlot(t.Context(), templates, nil, &mistakes{})
	baselines := map[*model.Table]*baseline{}
	defaults := &defaults{byColumn: map[*model.Column]columnDefault{}}
	for _, table := range m.Tables {
		baselines[table] = &baseline{}
		for _, c := range table.Columns {
			d := columnDefault{value: sqlite.Int(7)}
			if c.Name == "at" {
				d = columnDefault{
					value: sqlite.String("2025-01-01 00:00:00"), clock: true, form: timeform.SQL,
				}
			}
			if c.Name == "random" {
				d.draw = func(seed uint64) (sqlite.Value, error) {
					return sqlite.Int(int64(seed)), nil
				}
			}
			defaults.byColumn[c] = d
		}
	}
	return p, newDrawer(drawer{
		model: m, plot: p, defaults: defaults, times: timesOf(t, m), now: DefaultNow,
		counts:    newCounts(),
		parents:   &parents{p, baselines, map[ringKey]map[string]*ring{}},
		passwords: &passwords{"", "", map[passwordForm]string{}}, mistakes: &mistakes{},
	})
}

const diary = `
	CREATE TABLE person(id TEXT PRIMARY KEY, name TEXT NOT NULL, lucky INT DEFAULT 3,
		random INT DEFAULT (random()), at DATETIME DEFAULT CURRENT_TIMESTAMP, login TEXT);
	CREATE TABLE entry(id INTEGER PRIMARY KEY, writer TEXT NOT NULL REFERENCES person(id),
		reader TEXT NOT NULL REFERENCES person(id), made DATETIME, text TEXT NOT NULL)`

func diaries(s *Fixtures) {
	s.Many("person", "p", 4, Row{
		"login": func(f *Fake) any { return f.Cell("name").(string) + f.Username() },
	}, Has("entry", Row{"reader": s.Ref("person", "p#1"), "made": Past(0, time.Hour)}))
	s.Many("entry", "e", 20, Row{"writer": s.Ref("person", "p#2"), "made": DefaultNow})
}

// TestDrawInAnyOrder draws the cells of all rows in two orders. The values must be the same.
func TestDrawInAnyOrder(t *testing.T) {
	values := func(reverse bool) map[string][]sqlite.Value {
		p, d := drawerFor(t, diary, diaries)
		rows := slices.AppendSeq(slices.Collect(p.rows(d.model.Table("person"))),
			p.rows(d.model.Table("entry")))
		if reverse {
			slices.Reverse(rows)
			for _, r := range rows {
				d.cell(r, len(r.table.Columns)-1)
			}
		}
		out := map[string][]sqlite.Value{}
		for _, r := range rows {
			v, reason := d.values(r)
			if reason != nil {
				t.Fatalf("%s: %s", r.path(), reason.msg)
			}
			out[r.path()] = slices.Clone(v)
		}
		return out
	}
	forward := values(false)
	if diff := cmp.Diff(forward, values(true), cmp.Comparer(equalValues)); diff != "" {
		t.Error(diff)
	}
	clock, randoms := sqlite.Int(DefaultNow.UnixMilli()), map[sqlite.Value]bool{}
	for _, path := range []string{"person/p#1", "person/p#2", "person/p#3", "person/p#4"} {
		v := forward[path]
		if v[2] != sqlite.Int(7) || v[4] != clock {
			t.Errorf("%s: the defaults are %v and %v", path, v[2], v[4])
		}
		randoms[v[3]] = true
	}
	if len(randoms) != 4 {
		t.Errorf("%d random defaults of 4 rows", len(randoms))
	}
}

func equalValues(a, b sqlite.Value) bool { return a == b }

// TestCellStates checks what a drawer records about cells, because a row that SQLite refuses may
// only change the cells that nothing else has used.
func TestCellStates(t *testing.T) {
	p, d := drawerFor(t, diary, diaries)
	if _, reason := d.values(p.at("person/p#1/entry", nil)); reason != nil {
		t.Fatal(reason.msg)
	}
	person := p.at("person/p#1", nil)
	states := func() (all []cellState) {
		for _, c := range person.cells {
			all = append(all, c.state)
		}
		return all
	}
	const random = known | drawn
	if diff := cmp.Diff([]cellState{random | lent, 0, 0, 0, 0, 0}, states()); diff != "" {
		t.Errorf("after a row that refers to it:\n%s", diff)
	}
	if _, reason := d.values(person); reason != nil {
		t.Fatal(reason.msg)
	}
	want := []cellState{random | lent, random | asked, known, random, known, random}
	if diff := cmp.Diff(want, states()); diff != "" {
		t.Errorf("after all:\n%s", diff)
	}
}

// TestAbort checks that a drawer blames the row with the mistake, and only once.
func TestAbort(t *testing.T) {
	p, d := drawerFor(t, diary, func(s *Fixtures) {
		s.Add("person", "bad", Row{"id": func(f *Fake) any { return f.Int(2, 1) }})
		s.Add("person", "good", nil)
		bad, good := s.Ref("person", "bad"), s.Ref("person", "good")
		s.Add("entry", "first", Row{"writer": good, "reader": bad})
		s.Add("entry", "second", Row{"writer": bad, "reader": good})
		s.Add("entry", "third", Row{"writer": good, "reader": good})
	})
	for _, test := range []struct{ path, blamed, msg string }{
		{"entry/first", "person/bad", "Int(2, 1): there is no such number"},
		{"entry/second", "person/bad", ""},
		{"person/good", "", ""},
		{"entry/third", "", ""},
	} {
		var blamed, msg string
		_, reason := d.values(p.at(test.path, nil))
		if reason != nil {
			blamed, msg = reason.r.path(), reason.msg
		}
		if blamed != test.blamed || msg != test.msg {
			t.Errorf("%s: %q is blamed, because %q", test.path, blamed, msg)
		}
	}
}
