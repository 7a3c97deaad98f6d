// Package starter writes the first fixtures of an app, as files that generate reads. The rows come
// from the schema's scripts and from a database, or generate makes them up.
package starter

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/seedkit/seedkit/internal/migration"
	"github.com/seedkit/seedkit/internal/model"
	"github.com/seedkit/seedkit/internal/schema"
	"github.com/seedkit/seedkit/internal/seed"
	"github.com/seedkit/seedkit/internal/sqlite"
)

// Options say what to start with.
type Options struct {
	// Schema is the path of a folder of migrations, of a script, or of a database.
	Schema string
	// From is the path of a database whose rows become fixtures. Empty means that generate makes
	// up the sample rows.
	From string
	// Take is the greatest number of sample rows of a table that come from the database.
	Take int
	// LeaveOut names the tables that get no fixtures.
	LeaveOut []string
	// Single names the tables for which a made-up declaration makes one row instead of several.
	Single []string
	// Without has the rows of the database that get no fixtures, and neither do the rows that
	// refer to them.
	Without []Source
}

// A Source is a row of a table of the database. Key is the key of a map made of the values that
// identify the row.
type Source struct{ Table, Key string }

// A Start is the first fixtures of an app.
type Start struct {
	Files []File
	// Taken has the tables whose rows come from the database, parents first.
	Taken []Taken
	// Secrets lists the columns whose values the files leave out, as TABLE.COLUMN.
	Secrets []string
	// PassedOver counts the rows that were passed over on the way to Options.Take rows of a table,
	// sorted.
	PassedOver []PassedOver
	// Emptied counts the references that became NULL, because tables refer to each other in a
	// ring, and all rows of the ring would be too many. The keys are TABLE.COLUMN.
	Emptied map[string]int64
	// Sources says which row of the database a fixture is, by the fixture's path.
	Sources map[string]Source
}

// A File is a file of fixtures.
type File struct{ Name, Text string }

// Taken says how many rows of a table come from the database.
type Taken struct {
	Table string `json:"table"`
	Rows  int64  `json:"rows"`
}

// PassedOver says why rows of a table are not taken, and how many.
type PassedOver struct {
	Table  string `json:"table"`
	Rows   int64  `json:"rows"`
	Why    Why    `json:"why"`
	Parent string `json:"parent,omitempty"` // the table to which the rows refer
}

// Why is the reason for which a row is passed over.
type Why string

const (
	// NotText means that the row has a text that is not UTF-8.
	NotText Why = "not_utf8"
	// ParentMissing means that the row refers to a row that the database does not have.
	ParentMissing Why = "parent_missing"
	// ParentLeftOut means that the row refers to a row that is not taken.
	ParentLeftOut Why = "parent_left_out"
)

// Make makes the first fixtures of an app.
func Make(ctx context.Context, o Options) (Start, error) {
	source, err := schema.ReadAppSource(ctx, o.Schema)
	if err != nil {
		return Start{}, err
	}
	scripts, err := seed.OpenScratch(ctx)
	if err != nil {
		return Start{}, err
	}
	defer scripts.Close()
	if err := source.Apply(scripts); err != nil {
		return Start{}, fmt.Errorf("apply the schema: %w", err)
	}
	m, err := model.Read(scripts)
	if err != nil {
		return Start{}, err
	}
	var tables []*model.Table
	for _, t := range m.ParentsFirst() {
		if !migration.IsBookkeeping(t.Name, t.Schema.ColumnNames()) &&
			!slices.Contains(o.LeaveOut, t.Name) {
			tables = append(tables, t)
		}
	}
	t := newTaker()
	t.leftOut = o.LeaveOut
	for _, source := range o.Without {
		t.without[source] = true
	}
	if err := t.findReference(scripts, tables, o.From != ""); err != nil {
		return Start{}, err
	}
	if o.From == "" {
		err = t.takeReference(scripts, tables)
	} else {
		err = t.takeFrom(ctx, o.From, tables, o.Take)
	}
	if err != nil {
		return Start{}, err
	}
	w := &writer{model: m, tables: tables, taker: t, madeUp: o.From == "",
		single: o.Single}
	start := Start{Files: w.files(), Secrets: slices.Sorted(maps.Keys(t.secrets)),
		Sources: t.sources, Emptied: t.emptied, PassedOver: t.passedOver(tables)}
	for _, table := range tables {
		if n := len(t.rows[table]); n > 0 && o.From != "" {
			start.Taken = append(start.Taken, Taken{table.Name, int64(n)})
		}
	}
	return start, nil
}

// passedOver returns the rows that the taker passed over, in the order of the tables. It leaves out
// a table if the taker has taken as many of its rows as allowed.
func (t *taker) passedOver(tables []*model.Table) (all []PassedOver) {
	for why, n := range t.passed {
		why.Rows = n
		all = append(all, why)
	}
	at := func(p PassedOver) int {
		return slices.IndexFunc(tables, func(t *model.Table) bool { return t.Name == p.Table })
	}
	all = slices.DeleteFunc(all, func(p PassedOver) bool {
		table := tables[at(p)]
		return p.Why == ParentLeftOut && len(t.rows[table]) >= t.stored[table].limit
	})
	slices.SortFunc(all, func(a, b PassedOver) int {
		return cmp.Or(at(a)-at(b), cmp.Compare(a.Why, b.Why), cmp.Compare(a.Parent, b.Parent))
	})
	return all
}

// openFrom opens the database whose rows become fixtures.
func openFrom(ctx context.Context, path string) (*sqlite.Conn, *schema.Schema, error) {
	c, err := sqlite.OpenSource(ctx, path)
	if err != nil {
		return nil, nil, err
	}
	s, err := schema.Read(c)
	if err != nil {
		c.Close()
		return nil, nil, fmt.Errorf("%s: %w", path, err)
	}
	return c, s, nil
}
