package extract

import (
	"errors"
	"iter"

	"github.com/seedkit/seedkit/internal/load"
	"github.com/seedkit/seedkit/internal/rowdiff"
	"github.com/seedkit/seedkit/internal/scan"
	"github.com/seedkit/seedkit/internal/schema"
	"github.com/seedkit/seedkit/internal/seed"
	"github.com/seedkit/seedkit/internal/sqlite"
	"github.com/seedkit/seedkit/internal/sqltext"
)

// compareScript holds that a database has the rows of the tables that are
// extracted which a script inserts, and no others, in the script's order. What
// it is not sure of is errAskSQLite.
func compareScript(r *run, s *streamer, c *sqlite.Conn, script iter.Seq2[load.Part, error]) error {
	check := &scriptCheck{seed: r.seed, targets: s.targets}
	var stop func()
	check.parts, stop = iter.Pull2(script)
	defer stop()
	tables := map[string]*schema.Table{} // that are still to come
	for _, t := range r.tables {
		tables[t.Name] = t
	}
	err := check.next()
	for err == nil && check.rows != nil {
		t := tables[check.target.name]
		if t == nil {
			return errAskSQLite // it was before, and rows come in more than one piece; or it is left out
		}
		delete(tables, t.Name)
		err = check.table(scan.New(c, scan.DecodeLarge).Rows(rowdiff.Query(t)))
	}
	if err != nil {
		return err
	}
	for _, t := range tables {
		if empty, err := isEmpty(rowdiff.Scan(c, t)); !empty || err != nil {
			return errors.Join(err, errAskSQLite)
		}
	}
	return nil
}

// scriptCheck reads the rows of a script, table by table.
type scriptCheck struct {
	seed    *seed.Seed
	targets map[string]*target // by name as the script has it
	parts   func() (load.Part, error, bool)
	rows    *load.Rows // that are next, nil behind the last
	target  *target    // of the rows
}

// next goes on to the next rows, those of migration tools aside.
func (s *scriptCheck) next() error {
	for {
		part, err, ok := s.parts()
		s.rows = part.Rows
		switch {
		case err != nil || !ok:
			return err
		case part.Rows == nil && part.Statement.Kind() == sqltext.KindInsert:
			return errAskSQLite
		case part.Rows == nil:
			continue
		}
		s.target = s.targets[part.Rows.Table]
		switch {
		case s.target == nil && s.seed.Keeper(part.Rows.Table) != "":
			continue
		case s.target == nil, part.Rows.Width() != len(s.target.columns), !s.target.hasColumns(part.Rows.Columns):
			return errAskSQLite
		}
		return nil
	}
}

// table compares a table that the script has come to, and goes on to another.
func (s *scriptCheck) table(there iter.Seq2[[]scan.Value, error]) error {
	t, at := s.target, 0
	for row, err := range there {
		if err == nil && at == s.rows.Len() {
			at, err = 0, s.next()
		}
		switch {
		case err != nil:
			return err
		case s.rows == nil, s.target != t, !t.stores(s.rows, at, row):
			return errAskSQLite
		}
		at++
	}
	if at < s.rows.Len() {
		return errAskSQLite
	}
	return s.next()
}

// stores reports whether a row of the script is known to be stored as the row
// that is there.
func (t *target) stores(rows *load.Rows, at int, there []scan.Value) bool {
	if len(there) != len(t.columns) {
		return false
	}
	for k := range t.columns {
		v, column := rows.Value(at, k), &t.columns[k]
		if !column.takes.has(v.Type) || !column.affinity.stores(v, &there[k]) {
			return false
		}
	}
	return true
}
