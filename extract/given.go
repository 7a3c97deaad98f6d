package extract

import (
	"fmt"
	"slices"
	"strings"

	"github.com/seedkit/seedkit/internal/portable"
	"github.com/seedkit/seedkit/internal/schema"
	"github.com/seedkit/seedkit/internal/seed"
	"github.com/seedkit/seedkit/internal/sqlite"
	"github.com/seedkit/seedkit/internal/sqltext"
)

// given holds the keys of rows that the result needs but does not insert. These are the rows of
// left-out tables to which rows of the result refer, or by which a natural key finds such rows.
type given struct {
	scratch *sqlite.Conn // Holds the keys, because there may be many.
	needs   []*need
	stubs   int // The number of stubs that provideRows has inserted.
}

// need describes the needed rows of one parent that references find by the same columns.
type need struct {
	parent  *schema.Table
	columns []string
	keys    string       // The scratch database's table of keys.
	insert  *sqlite.Stmt // Inserts a key into keys.
	row     *sqlite.Stmt // Finds the parent's row in the seed by key.
	exists  *sqlite.Stmt // Finds the row in the baseline; nil if the baseline lacks the table.
}

// parentLeftOut is a reference to a table whose rows are left out.
type parentLeftOut struct {
	child  *schema.Table
	fk     schema.ForeignKey
	parent *schema.Table
}

// leftParents returns the references of the extracted tables to left-out tables.
func (r *run) leftParents() (all []parentLeftOut) {
	for _, t := range r.tables {
		for _, fk := range t.ForeignKeys {
			parent := r.seed.Schema.Table(fk.Parent)
			if parent != nil && !slices.Contains(r.tables, parent) {
				all = append(all, parentLeftOut{t, fk, parent})
			}
		}
	}
	return all
}

// findGiven finds the left-out rows to which extracted rows refer.
func (r *run) findGiven() (err error) {
	references := r.leftParents()
	if len(references) == 0 {
		return nil
	}
	r.given = &given{}
	if r.given.scratch, err = seed.OpenScratch(r.ctx); err != nil {
		return err
	}
	if err := r.given.scratch.Exec("BEGIN"); err != nil {
		return err
	}
	for _, ref := range references {
		n, err := r.needFor(ref)
		if err == nil {
			err = r.addGiven(ref, n)
		}
		if err != nil {
			return fmt.Errorf("look for the rows of %s that %s refers to: %w",
				ref.parent.Name, ref.child.Name, err)
		}
	}
	return nil
}

// needFor returns the need to which the keys of a reference belong. It makes a need if there is
// none.
func (r *run) needFor(ref parentLeftOut) (*need, error) {
	for _, n := range r.given.needs {
		if n.parent == ref.parent && slices.Equal(n.columns, ref.fk.ParentColumns) {
			return n, nil
		}
	}
	n := &need{
		parent: ref.parent, columns: ref.fk.ParentColumns,
		keys: fmt.Sprintf("keys%d", len(r.given.needs)),
	}
	r.given.needs = append(r.given.needs, n)
	names := make([]string, len(n.columns))
	for i := range names {
		names[i] = fmt.Sprintf("k%d", i)
	}
	list := strings.Join(names, ", ")
	create := fmt.Sprintf("CREATE TABLE %s (%s, PRIMARY KEY (%[2]s)) WITHOUT ROWID", n.keys, list)
	if err := r.given.scratch.Exec(create); err != nil {
		return nil, err
	}
	var err error
	insert := fmt.Sprintf("INSERT OR IGNORE INTO %s VALUES (?%s)",
		n.keys, strings.Repeat(", ?", len(names)-1))
	if n.insert, err = r.given.scratch.PrepareOne(insert); err != nil {
		return nil, err
	}
	row := byKey(ref.parent.Name, n.columns, n.columns)
	if n.row, err = r.seed.Conn.PrepareOne(row); err != nil {
		return nil, err
	}
	if there := r.inBaseline(ref.parent); there != nil {
		n.exists, err = r.baseline.PrepareOne(byKey(there.Name, n.columns, n.columns))
	}
	return n, err
}

// byKey returns a query for some columns of the row with a key.
func byKey(table string, columns, key []string) string {
	return fmt.Sprintf("SELECT %s FROM %s WHERE %s",
		sqltext.QuoteIdents(columns), sqltext.QuoteIdent(table), sqltext.Equal(key))
}

// addGiven adds the keys to which the child's rows refer.
func (r *run) addGiven(ref parentLeftOut, n *need) error {
	var ignored int64
	at, _ := schema.Positions(ref.child.Stored(), ref.fk.Columns)
	for row, err := range r.rows(ref.child, &ignored) {
		if err != nil {
			return err
		}
		key := sqlite.Pick(row, at)
		if slices.ContainsFunc(key, sqlite.Value.IsNull) {
			continue
		}
		added, err := n.add(key)
		if added && err == nil {
			err = r.addLookedUp(ref, row)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// add adds a key unless the baseline has the row. The key gets the values that the parent's row has
// in the seed, because they may differ from those of the reference in type or in case.
func (n *need) add(key []sqlite.Value) (added bool, err error) {
	if n.exists != nil {
		there, err := firstRow(n.exists, key)
		if there != nil || err != nil {
			return false, err
		}
	}
	have, err := firstRow(n.row, key)
	if err != nil {
		return false, err
	}
	if have != nil {
		key = have
	}
	return true, n.insert.Exec(sqlite.Args(key)...)
}

// addLookedUp adds the rows to which the natural key of a row's parent refers. The sub-select that
// finds the parent needs these rows, too.
func (r *run) addLookedUp(child parentLeftOut, row []sqlite.Value) error {
	for _, ref := range r.keys[child.child] {
		if ref.parent != child.parent || !slices.Equal(ref.fk.Columns, child.fk.Columns) {
			continue
		}
		to, err := ref.lead(row)
		if to == nil || err != nil {
			return err
		}
		return r.addKeyParents(to)
	}
	return nil
}

// addKeyParents adds the rows to which the natural key of a parent refers.
func (r *run) addKeyParents(of *referral) error {
	for _, ref := range r.keys[of.parent] {
		inKey := func(at int) bool { return slices.Contains(of.key, at) }
		if slices.Contains(r.tables, ref.parent) || !slices.ContainsFunc(ref.at, inKey) {
			continue
		}
		to, err := ref.lead(of.row)
		if err != nil {
			return err
		}
		if to == nil {
			continue
		}
		n, err := r.needFor(parentLeftOut{of.parent, ref.fk, ref.parent})
		if err != nil {
			return err
		}
		added, err := n.add(sqlite.Pick(of.row, ref.at))
		if added && err == nil {
			err = r.addKeyParents(to)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// firstRow returns the first row of a query, or nil if there is none.
func firstRow(query *sqlite.Stmt, args []sqlite.Value) ([]sqlite.Value, error) {
	for row, err := range query.Rows(sqlite.Args(args)...) {
		if err != nil {
			return nil, err
		}
		return row.Values(), nil
	}
	return nil, nil
}

// list lists the needed rows. Needs of the same table are separate if references find its rows by
// different columns.
func (g *given) list() (needs []Need, err error) {
	const few = 3
	if g == nil {
		return nil, nil
	}
	for _, n := range g.needs {
		count, err := g.scratch.Int64("SELECT count(*) FROM " + n.keys)
		if err != nil {
			return nil, err
		}
		if count == 0 {
			continue
		}
		out := Need{Table: n.parent.Name, Rows: count}
		query := fmt.Sprintf("SELECT * FROM %s LIMIT %d", n.keys, few)
		for row, err := range g.scratch.Query(query) {
			if err != nil {
				return nil, err
			}
			out.Keys = append(out.Keys, keyText(n.columns, row.Values()))
		}
		needs = append(needs, out)
	}
	return needs, nil
}

// keyText returns the text of a key in messages, such as "id = 7".
func keyText(columns []string, values []sqlite.Value) string {
	parts := make([]string, len(columns))
	for i, column := range columns {
		parts[i] = fmt.Sprintf("%s = %s", column, portable.Append(nil, values[i]))
	}
	return strings.Join(parts, ", ")
}

func (g *given) close() {
	if g == nil || g.scratch == nil {
		return
	}
	for _, n := range g.needs {
		for _, s := range []*sqlite.Stmt{n.insert, n.row, n.exists} {
			if s != nil {
				s.Close()
			}
		}
	}
	g.scratch.Close()
}
