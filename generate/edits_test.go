package generate_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seedkit/seedkit/generate"
)

// guild has unique columns whose values collide, and references of every kind. Every row has a tag,
// the name of its declaration.
const guild = `
	CREATE TABLE team(id TEXT PRIMARY KEY, tag TEXT, code TEXT NOT NULL UNIQUE
		CHECK (length(code) = 2), name TEXT);
	CREATE TABLE person(id INTEGER PRIMARY KEY, tag TEXT, badge INT NOT NULL UNIQUE,
		nick TEXT UNIQUE COLLATE NOCASE, email TEXT NOT NULL UNIQUE, title TEXT, size REAL UNIQUE,
		team TEXT REFERENCES team(id), seen DATE UNIQUE, created_at DATETIME NOT NULL,
		updated_at DATETIME NOT NULL);
	CREATE TABLE shift(id TEXT PRIMARY KEY, tag TEXT, person INT NOT NULL REFERENCES person(id),
		day DATE NOT NULL, hours INT, UNIQUE(person, day));
	CREATE TABLE member(id TEXT PRIMARY KEY, tag TEXT, person INT NOT NULL REFERENCES person(id),
		team TEXT NOT NULL REFERENCES team(id), role TEXT, UNIQUE(person, team));
	CREATE TABLE note(id TEXT PRIMARY KEY, tag TEXT, owner INT NOT NULL REFERENCES person(id),
		body TEXT NOT NULL, stars INT NOT NULL);`

// competing has the columns whose values collide.
var competing = map[string][]string{
	"team": {"code"}, "person": {"badge", "nick", "size", "seen"}, "shift": {"person", "day"},
	"member": {"person", "team"},
}

// openIn has the columns that refer to another row.
var openIn = map[string][]string{
	"person": {"team"}, "shift": {"person"}, "member": {"person", "team"}, "note": {"owner"},
}

// declared is a declaration of random fixtures. n is 0 for a single row.
type declared struct {
	table, name string
	n           int
	row         generate.Row
	parts       []part
}

// part declares notes of a person.
type part struct{ min, max int }

func (d *declared) declare(s *generate.Fixtures) {
	row := maps.Clone(d.row)
	row["tag"] = d.name
	var parts []generate.Part
	for _, p := range d.parts {
		parts = append(parts, generate.Some("note", p.min, p.max, generate.Row{
			"tag": d.name, "body": func(f *generate.Fake) any { return f.Sentence(3) },
		}))
	}
	if d.n == 0 {
		s.Add(d.table, d.name, row, parts...)
		return
	}
	s.Many(d.table, d.name, d.n, row, parts...)
}

// randomDeclaration declares rows of a random table.
func randomDeclaration(random *rand.Rand, name string) *declared {
	d := &declared{
		table: []string{"team", "person", "person", "shift", "member", "note"}[random.IntN(6)],
		name:  name, row: generate.Row{},
	}
	if random.IntN(4) > 0 {
		d.n = 1 + random.IntN(9)
	}
	if d.table != "person" {
		return d
	}
	d.row["badge"] = func(f *generate.Fake) any { return f.Int(1, 200) }
	if d.n == 0 {
		d.row["badge"] = 1 + random.IntN(200)
	}
	d.change(random)
	d.change(random)
	for range 1 + random.IntN(2) {
		d.parts = append(d.parts, part{random.IntN(3), 2 + random.IntN(3)})
	}
	return d
}

// change changes what the declaration gives to one column, and returns the columns that may
// change.
func (d *declared) change(random *rand.Rand) (columns []string) {
	if d.table != "person" {
		d.row["name"] = "x"
		if d.table != "team" {
			delete(d.row, "name")
		}
		return []string{"name"}
	}
	switch random.IntN(6) {
	case 0:
		words := []string{"ada", "Ada", "bob", "Bob", "CY"}
		d.row["nick"] = generate.Maybe(0.8, func(f *generate.Fake) any {
			return fmt.Sprint(generate.Pick(f, words), f.Int(1, 30))
		})
		return []string{"nick"}
	case 1:
		d.row["title"] = func(f *generate.Fake) any { return f.Sentence(2) }
		return []string{"title"}
	case 2:
		d.row["title"] = func(f *generate.Fake) any { return fmt.Sprint("No. ", f.Cell("badge")) }
		return []string{"title"}
	case 3:
		delete(d.row, "nick")
		return []string{"nick"}
	case 4:
		d.row["email"] = func(f *generate.Fake) any { return f.Email() }
		return []string{"email"}
	}
	d.row["size"] = func(f *generate.Fake) any { return f.Float(0, 9) }
	return []string{"size"}
}

// tableRow is a row of a database: the values by column.
type tableRow struct {
	table string
	cells map[string]string
}

// readGuild returns the rows by table and id.
func readGuild(t *testing.T, seed string, declarations []*declared, random *rand.Rand,
) map[string]tableRow {
	t.Helper()
	half := random.IntN(len(declarations) + 1) // the declarations are in two files
	fill := func(part []*declared) fill {
		return func(s *generate.Fixtures) {
			for _, d := range part {
				d.declare(s)
			}
		}
	}
	d := write(t, generate.Options{SchemaSQL: guild, Seed: seed, Sets: []generate.Set{
		{Name: "a", Fill: fill(declarations[:half])}, {Name: "b", Fill: fill(declarations[half:])},
	}})
	rows := map[string]tableRow{}
	for table := range openIn {
		rows = readRows(d, table, rows)
	}
	return readRows(d, "team", rows)
}

func readRows(d *database, table string, rows map[string]tableRow) map[string]tableRow {
	names := d.query("SELECT name FROM pragma_table_info(?)", table)
	for _, line := range d.query("SELECT * FROM " + table) {
		cells := map[string]string{}
		for i, text := range strings.Split(line, "|") {
			cells[names[i]] = text
		}
		rows[table+" "+cells["id"]] = tableRow{table, cells}
	}
	return rows
}

// edit is a random edit of declarations.
type edit struct {
	what    string
	after   []*declared
	tag     string   // of the declaration that is edited
	columns []string // that the edit changes in its rows
	removed bool
}

func randomEdit(random *rand.Rand, before []*declared, name string) edit {
	after := slices.Clone(before)
	i := random.IntN(len(after))
	kind := random.IntN(5)
	for kind == 2 && len(after[i].parts) == 0 {
		i = random.IntN(len(after))
	}
	d := *after[i]
	d.row, d.parts = maps.Clone(d.row), slices.Clone(d.parts)
	e := edit{tag: d.name}
	switch {
	case kind == 0 && len(after) > 15:
		e.what, e.removed = "remove", true
		e.after = slices.Delete(after, i, i+1)
		return e
	case kind == 1 && d.n > 0:
		e.what = "more rows of"
		d.n += 1 + random.IntN(3)
	case kind == 2:
		e.what = "raise a maximum of"
		d.parts[random.IntN(len(d.parts))].max += 1 + random.IntN(3)
	case kind == 3:
		e.what, e.columns = "change", d.change(random)
	default:
		added := randomDeclaration(random, name)
		return edit{
			what: "add", tag: name, after: slices.Insert(after, random.IntN(len(after)+1), added),
		}
	}
	after[i] = &d
	e.after = after
	return e
}

// TestRandomEdits edits random fixtures a hundred times. No cell may change that has nothing to do
// with the edit, and the order of the declarations never counts. What may change are references
// that the fixtures leave open, in the share of the new rows, and values that collide with others.
func TestRandomEdits(t *testing.T) {
	if testing.Short() {
		t.Skip("a hundred databases take long")
	}
	t.Parallel()
	const edits = 100
	random := rand.New(rand.NewPCG(3, 3))
	var declarations []*declared
	for i := range 25 {
		declarations = append(declarations, randomDeclaration(random, fmt.Sprint("d", i)))
	}
	before := readGuild(t, "", declarations, random)
	var total changes
	for i := range edits {
		e := randomEdit(random, declarations, fmt.Sprint("new", i))
		after := readGuild(t, "", e.after, random)
		what := fmt.Sprintf("edit %d: %s %s", i, e.what, e.tag)
		total.compare(t, what, e, before, after)
		shuffled := slices.Clone(e.after)
		random.Shuffle(len(shuffled), func(i, j int) {
			shuffled[i], shuffled[j] = shuffled[j], shuffled[i]
		})
		other := readGuild(t, "", shuffled, random)
		if diff := cmp.Diff(after, other, cmp.AllowUnexported(tableRow{})); diff != "" {
			t.Fatalf("%s: in another order:\n%s", what, diff)
		}
		declarations, before = e.after, after
	}
	t.Logf("%+v", total)
	if total.moved > 2*total.expected+edits || total.collided > 3*edits {
		t.Errorf("too much has changed: %+v", total)
	}
}

// changes counts the cells that changed without being edited.
type changes struct {
	references, moved int // references that are left open, and those that moved
	expected          int // the number of references that new and removed rows account for
	collided          int // values of unique columns that had to give way or found room
}

func (n *changes) compare(
	t *testing.T, what string, e edit, before, after map[string]tableRow,
) {
	t.Helper()
	count := func(rows, others map[string]tableRow, table string) (all, fresh int) {
		for key, r := range rows {
			if r.table == table {
				all++
				if _, ok := others[key]; !ok {
					fresh++
				}
			}
		}
		return all, fresh
	}
	share := map[string]float64{}
	for _, table := range []string{"team", "person"} {
		all, fresh := count(after, before, table)
		_, gone := count(before, after, table)
		share[table] = float64(fresh+gone) / float64(max(all+gone, 1))
	}
	expected := 0.0
	for key, old := range before {
		now, ok := after[key]
		if !ok {
			if !e.removed || old.cells["tag"] != e.tag {
				t.Errorf("%s: %s %v is gone", what, key, old.cells)
			}
			continue
		}
		moved := false
		for _, column := range openIn[old.table] {
			to := "person"
			if column == "team" {
				to = "team"
			}
			n.references++
			expected += share[to]
			moved = moved || old.cells[column] != now.cells[column]
		}
		for column, value := range old.cells {
			n.cell(t, what, e, key, column, value, now, moved, before, after)
		}
	}
	n.expected += int(expected)
}

// cell judges a cell that may have changed.
func (n *changes) cell(
	t *testing.T, what string, e edit, key, column, value string, now tableRow, moved bool,
	before, after map[string]tableRow,
) {
	t.Helper()
	table := now.table
	holds := func(rows map[string]tableRow, value string) bool {
		return slices.ContainsFunc(slices.Collect(maps.Values(rows)), func(r tableRow) bool {
			return r.table == table && strings.EqualFold(r.cells[column], value)
		})
	}
	switch changed := now.cells[column]; {
	case changed == value:
	case now.cells["tag"] == e.tag && slices.Contains(e.columns, column):
	case slices.Contains(openIn[table], column):
		n.moved++
		to := "person "
		if column == "team" {
			to = "team "
		}
		_, isOld := before[to+changed]
		_, isThere := after[to+value]
		if isOld && isThere && !slices.Contains(competing[table], column) {
			t.Errorf("%s: %s.%s of %s moved from %s to %s, which are both old", what, table, column,
				key, value, changed)
		}
	case slices.Contains(competing[table], column) &&
		(holds(after, value) || holds(before, changed)):
		n.collided++
	case column == "title" && strings.HasPrefix(value, "No. "): // it has the badge
	case strings.HasSuffix(column, "_at") && moved:
	default:
		t.Errorf("%s: %s.%s of %s changed from %q to %q", what, table, column, key, value, changed)
	}
}
