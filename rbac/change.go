package rbac

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/seedkit/seedkit/generate"
	"github.com/seedkit/seedkit/internal/schema"
	"github.com/seedkit/seedkit/internal/sqltext"
	"github.com/seedkit/seedkit/internal/timeform"
)

// A grant is a role with one of its permissions.
type grant struct {
	role       string
	permission Permission
}

// An addition is what a database gets. The database lacks the roles and the permissions, and its
// other roles and permissions may be in the grants.
type addition struct {
	roles       []Role
	permissions []Permission
	grants      []grant
}

// rows makes the rows of an addition. It lets package generate fill in the ids and the times, in
// a copy of the tables of roles, of permissions and of grants.
type rows struct {
	db      *Database
	schema  *schema.Schema
	layout  Layout
	renamed map[string]string // from the stored name of a role to its new name

	roles       map[string]any     // the ids of stored roles, by new name
	permissions map[Permission]any // the ids of stored permissions
	entities    map[string]any     // the ids of stored entities
	next        map[string]int64   // the next free integer, by table
	unknown     []string           // columns that no policy gives a value
}

// A ColumnError reports columns that must have a value, and for which a policy has none.
type ColumnError struct{ Columns []string } // as table.column

func (e *ColumnError) Error() string {
	return fmt.Sprintf("a new row needs a value for %s, which a policy does not give",
		strings.Join(e.Columns, ", "))
}

func newRows(d *Database, renamed map[string]string) (*rows, error) {
	s, err := schema.Read(d.conn)
	if err != nil {
		return nil, err
	}
	r := &rows{
		db: d, schema: s, layout: d.layout, renamed: renamed, roles: map[string]any{},
		permissions: map[Permission]any{}, entities: map[string]any{}, next: map[string]int64{},
	}
	for _, read := range []func() error{
		r.readRoles, r.readPermissions, r.readEntities, r.readNext,
	} {
		if err := read(); err != nil {
			return nil, err
		}
	}
	return r, nil
}

// readRoles notes the ids of the stored roles, as SQLite has them.
func (r *rows) readRoles() error {
	t, from := r.layout.Roles, r.layout.roles()
	if t.Table == "" {
		return nil
	}
	q := &query{}
	q.add("SELECT ", from.column(t.ID), ", ", from.column(t.Name), " FROM ", from.String(),
		" WHERE 1")
	q.where(from, t.Where)
	for row, err := range q.rows(r.db.conn) {
		if err != nil {
			return fmt.Errorf("read the roles: %w", err)
		}
		name, ok := nameOf(row.Value(1))
		if renamed, is := r.renamed[name]; is {
			name = renamed
		}
		if ok {
			r.roles[name] = row.Value(0)
		}
	}
	return nil
}

// readPermissions notes the ids of the stored permissions, as SQLite has them.
func (r *rows) readPermissions() error {
	t, from := r.layout.Permissions, r.layout.permissions()
	if t.Table == "" {
		return nil
	}
	q := &query{}
	q.add("SELECT ", from.column(t.ID), ", ", strings.Join(r.layout.permissionParts(), ", "),
		" FROM ", r.layout.fromPermissions(), " WHERE 1")
	q.where(from, t.Where)
	for row, err := range q.rows(r.db.conn) {
		if err != nil {
			return fmt.Errorf("read the permissions: %w", err)
		}
		var p Permission
		known := true
		for i, part := range []*string{&p.Action, &p.Entity, &p.Access}[:r.layout.parts()] {
			name, ok := nameOf(row.Value(i + 1))
			*part, known = name, known && ok
		}
		if known {
			r.permissions[p] = row.Value(0)
		}
	}
	return nil
}

func (r *rows) readEntities() error {
	e := r.layout.entities()
	if e.table == "" {
		return nil
	}
	sql := fmt.Sprintf("SELECT %s, %s FROM %s", e.column(r.layout.Permissions.Entities.ID),
		r.layout.permissionParts()[1], e)
	for row, err := range r.db.conn.Query(sql) {
		if err != nil {
			return fmt.Errorf("read the entities: %w", err)
		}
		if name, ok := nameOf(row.Value(1)); ok {
			r.entities[name] = row.Value(0)
		}
	}
	return nil
}

// readNext finds the next integer of each table with integers as ids.
func (r *rows) readNext() error {
	for _, t := range r.tables() {
		id := integerKey(t)
		if id == "" {
			continue
		}
		most, err := r.db.conn.Int64(fmt.Sprintf("SELECT max(%s) FROM %s",
			sqltext.QuoteIdent(id), sqltext.QuoteIdent(t.Name)))
		if err != nil {
			return fmt.Errorf("read the ids of %s: %w", t.Name, err)
		}
		if t.Autoincrement {
			given, err := r.db.conn.Int64("SELECT seq FROM sqlite_sequence WHERE name = ?", t.Name)
			if err != nil {
				return fmt.Errorf("read the counter of %s: %w", t.Name, err)
			}
			most = max(most, given)
		}
		r.next[t.Name] = most + 1
	}
	return nil
}

// integerKey returns the column that alone is the key of a table and holds integers, or "".
func integerKey(t *schema.Table) string {
	if len(t.PrimaryKey) != 1 {
		return ""
	}
	c, _ := t.Column(t.PrimaryKey[0])
	if schema.AffinityOf(c.Type) != schema.IntegerAffinity {
		return ""
	}
	return c.Name
}

// tables returns the tables to which a policy adds rows, parents first.
func (r *rows) tables() (tables []*schema.Table) {
	l := r.layout
	for _, name := range []string{
		l.Permissions.Entities.Table, l.Permissions.Table, l.Roles.Table, l.Grants.Table,
	} {
		if t := r.schema.Table(name); t != nil {
			tables = append(tables, t)
		}
	}
	return tables
}

// write makes a database at path with the stored roles, permissions and entities, renamed, and the
// addition. now is the time of new rows, and fallback the form of times if no row tells.
func (r *rows) write(
	ctx context.Context, path string, add addition, now time.Time, fallback generate.Datetime,
) error {
	if now.IsZero() {
		now = generate.DefaultNow
	}
	script, err := r.script()
	if err != nil {
		return err
	}
	_, err = generate.Write(ctx, path, generate.Options{
		SchemaSQL: script, Now: now, DatetimeDefault: fallback,
		Sets: []generate.Set{{
			Name: "rbac", Fill: func(s *generate.Fixtures) { r.fill(s, add, now) },
		}},
	})
	if len(r.unknown) > 0 {
		slices.Sort(r.unknown)
		return &ColumnError{Columns: slices.Compact(r.unknown)}
	}
	return err
}

// fill declares the rows of an addition, by the names that [Policy.Seed] gives them.
func (r *rows) fill(s *generate.Fixtures, add addition, now time.Time) {
	l := r.layout
	for _, p := range add.permissions {
		var entity any = p.Entity
		if l.Permissions.Entities.Table != "" {
			entity = r.entity(s, p.Entity, now)
		}
		row := l.Permissions.row(p, entity)
		r.permissions[p] = r.add(s, l.Permissions.Table, p.String(), row, now)
	}
	for _, role := range add.roles {
		r.roles[role.Name] = r.add(s, l.Roles.Table, role.Name, l.Roles.row(role), now)
	}
	for _, g := range add.grants {
		row := with(generate.Row{
			l.Grants.Role: r.roles[g.role], l.Grants.Permission: r.permissions[g.permission],
		}, l.Grants.Where)
		r.add(s, l.Grants.Table, grantName(g.role, g.permission), row, now)
	}
}

// entity returns the id of an entity, whose row it declares if there is none.
func (r *rows) entity(s *generate.Fixtures, name string, now time.Time) any {
	t := r.layout.Permissions.Entities
	if _, ok := r.entities[name]; !ok {
		r.entities[name] = r.add(s, t.Table, name, t.row(name), now)
	}
	return r.entities[name]
}

// add declares a row with the values that the policy gives, and returns a reference to it, or its
// id if that is known. A column that may be NULL is NULL, unless it has a default or holds the time
// of the row's creation or update.
func (r *rows) add(
	s *generate.Fixtures, table, name string, row generate.Row, now time.Time,
) any {
	t := r.schema.Table(table)
	id := integerKey(t)
	for _, c := range t.Columns {
		_, given := row[c.Name]
		switch {
		case given || c.Generated || c.Default != "" && c.Name != t.RowidAlias:
		case c.Name == id:
			row[c.Name] = r.next[t.Name]
			r.next[t.Name]++
		case slices.Contains(t.PrimaryKey, c.Name):
		case isRowTime(c):
			row[c.Name] = now
		case !c.NotNull:
			row[c.Name] = nil
		case !timeform.IsDeclared(c.Type):
			r.unknown = append(r.unknown, t.Name+"."+c.Name)
		}
	}
	ref := s.Add(table, name, row)
	if id != "" {
		return row[id]
	}
	return ref
}

// isRowTime reports whether a column has the time of its row's creation or update.
func isRowTime(c schema.Column) bool {
	begins := func(word string) bool { return strings.HasPrefix(strings.ToLower(c.Name), word) }
	return timeform.IsDeclared(c.Type) &&
		(begins("created") || begins("updated") || begins("modified"))
}
