package rbac

import (
	"context"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/seedkit/seedkit/generate"
	"github.com/seedkit/seedkit/internal/portable"
	"github.com/seedkit/seedkit/internal/sqlite"
	"github.com/seedkit/seedkit/internal/sqltext"
)

// SQLOptions are the options of [SQL].
type SQLOptions struct {
	// Revoke also deletes the grants of the policy's roles that are not in the policy.
	Revoke bool
	// Now is the time of new rows. The zero time means [generate.DefaultNow], so that the same
	// policy gives the same statements on every day.
	Now time.Time
}

// SQL returns statements that bring any database of the schema to the policy. They find rows by
// names, because ids differ from database to database, and change nothing where nothing lacks. They
// insert roles, permissions and grants that lack, and rename roles that have a former name. A role
// that the policy does not name, and its grants and users, stay as they are. The statements run on
// SQLite from 3.25 on and on Cloudflare D1, one by one or in a transaction.
//
// schema is the path of a folder of migrations, a script, or a database, of which only the schema
// counts. SQL leaves out the rows of seeds in seedkit's blocks of migrations.
//
// Before SQL returns, it runs the statements twice on a database with the schema, and twice on one
// with other ids, a further role, and users who have that role. Both must agree with the policy,
// the second run must change nothing, and the role and its users must be as they were. Otherwise
// the error is a [*ProofError]. A column for which a policy has no value is a [*ColumnError].
func SQL(ctx context.Context, p Policy, schema string, opts SQLOptions) ([]string, error) {
	if err := p.Validate(); err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "seedkit-rbac-*")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	w := &sqlWriter{policy: p, opts: opts, schema: schema, dir: dir}
	report, err := generate.Write(ctx, w.path("schema.db"), generate.Options{SchemaPath: schema})
	if err != nil {
		return nil, err
	}
	w.datetime = report.Datetime
	statements, err := w.write(ctx)
	if err != nil {
		return nil, err
	}
	return statements, w.prove(ctx, statements)
}

// sqlWriter writes the statements of one policy.
type sqlWriter struct {
	policy   Policy
	opts     SQLOptions
	schema   string // the path
	dir      string // for databases that only the writer needs
	datetime generate.Datetime

	layout     Layout
	before     Diff               // what the schema's scripts have of the policy
	inexact    map[reference]bool // the columns that take different names for one
	rows       *rows
	made       *sqlite.Conn // has a row for each role, permission and grant
	statements []string
}

func (w *sqlWriter) path(name string) string { return filepath.Join(w.dir, name) }

func (w *sqlWriter) write(ctx context.Context) ([]string, error) {
	d, err := Open(ctx, w.path("schema.db"), w.policy.Layout)
	if err != nil {
		return nil, err
	}
	defer d.Close()
	w.layout = d.Layout()
	if w.before, err = Compare(w.policy, d); err != nil {
		return nil, err
	}
	if w.layout.Roles.Table == "" {
		w.renameInTexts()
		return w.statements, nil
	}
	renamed, err := w.renamed(d)
	if err != nil {
		return nil, err
	}
	if w.rows, err = newRows(d, renamed); err != nil {
		return nil, err
	}
	if err := w.readCollations(ctx); err != nil {
		return nil, err
	}
	add, err := w.addition()
	if err != nil {
		return nil, err
	}
	err = w.rows.write(ctx, w.path("rows.db"), w.lacking(add), w.opts.Now, w.datetime)
	if err != nil {
		return nil, err
	}
	if w.made, err = sqlite.OpenSource(ctx, w.path("rows.db")); err != nil {
		return nil, err
	}
	defer w.made.Close()
	return w.statements, w.all(add)
}

// renamed returns the stored names that the statements change, with the new names. A row that the
// schema's scripts insert has the same values in the statements before and after its renaming. So
// the statements stay the same when they are in a migration of the schema themselves.
func (w *sqlWriter) renamed(d *Database) (map[string]string, error) {
	diff, err := Compare(w.policy, d)
	if err != nil {
		return nil, err
	}
	names := map[string]string{}
	for _, c := range diff.Changes {
		if c.Kind == RenamedRole {
			names[c.Stored] = c.Role
		}
	}
	return names, nil
}

// addition returns all that the policy has.
func (w *sqlWriter) addition() (add addition, err error) {
	add.roles = w.policy.Roles
	if w.layout.Permissions.Table == "" {
		return add, nil
	}
	seen := map[Permission]bool{}
	for _, role := range w.policy.Roles {
		permissions, err := w.policy.Permissions(role.Name)
		if err != nil {
			return add, err
		}
		for _, p := range permissions {
			add.grants = append(add.grants, grant{role.Name, p})
			if !seen[p] {
				seen[p] = true
				add.permissions = append(add.permissions, p)
			}
		}
	}
	return add, nil
}

// lacking returns the part of an addition that the schema's scripts do not insert, and all grants:
// the rows that the scripts insert are not known by a key that every table of grants has.
func (w *sqlWriter) lacking(add addition) (out addition) {
	out.grants = add.grants
	for _, r := range add.roles {
		if _, ok := w.rows.roles[r.Name]; !ok {
			out.roles = append(out.roles, r)
		}
	}
	for _, p := range add.permissions {
		if _, ok := w.rows.permissions[p]; !ok {
			out.permissions = append(out.permissions, p)
		}
	}
	return out
}

func (w *sqlWriter) all(add addition) error {
	if w.layout.Users.Roles != "" {
		w.renameInTexts()
	}
	for _, r := range w.policy.Roles {
		w.rename(r)
	}
	entities := map[string]bool{}
	for _, p := range add.permissions {
		if w.layout.Permissions.Entities.Table != "" && !entities[p.Entity] {
			entities[p.Entity] = true
			if err := w.insertEntity(p.Entity); err != nil {
				return err
			}
		}
	}
	for _, p := range add.permissions {
		if err := w.insertPermission(p); err != nil {
			return err
		}
	}
	for _, r := range add.roles {
		if err := w.insertRole(r); err != nil {
			return err
		}
	}
	for _, g := range add.grants {
		if err := w.insertGrant(g); err != nil {
			return err
		}
	}
	if w.opts.Revoke && w.layout.Grants.Table != "" {
		return w.revoke()
	}
	return nil
}

func (w *sqlWriter) addf(format string, args ...any) {
	w.statements = append(w.statements, fmt.Sprintf(format, args...)+";")
}

func (w *sqlWriter) insertEntity(entity string) error {
	e := w.layout.Permissions.Entities
	values := map[string]string{}
	for i, part := range e.parts(entity) {
		values[e.Names[i]] = sqlText(part)
	}
	from := w.layout.entities()
	is := w.parts()[1] + " = " + sqlText(entity)
	columns, err := w.columns(e.Table, values, from.String(), is)
	if err != nil {
		return err
	}
	w.addf("INSERT INTO %s (%s) SELECT %s WHERE NOT EXISTS (SELECT 1 FROM %s WHERE %s)",
		sqltext.QuoteIdent(e.Table), columns.names(), columns.values(), from, is)
	return nil
}

func (w *sqlWriter) insertRole(r Role) error {
	t, from := w.layout.Roles, w.layout.roles()
	is := w.roleName() + " = " + sqlText(r.Name) + conditions("r.", t.Where)
	columns, err := w.columns(t.Table, map[string]string{}, from.String(), is)
	if err != nil {
		return err
	}
	w.addf("INSERT INTO %s (%s) SELECT %s WHERE NOT EXISTS (SELECT 1 FROM %s WHERE %s)",
		sqltext.QuoteIdent(t.Table), columns.names(), columns.values(), from, is)
	return nil
}

func (w *sqlWriter) insertPermission(p Permission) error {
	t, e := w.layout.Permissions, w.layout.entities()
	is := isPermission(w.parts(), p) + conditions("p.", t.Where)
	values, from := map[string]string{}, ""
	if e.table != "" {
		values[t.Entity] = e.column(t.Entities.ID)
		from = fmt.Sprintf(" FROM %s", e)
	}
	columns, err := w.columns(t.Table, values, w.layout.fromPermissions(), is)
	if err != nil {
		return err
	}
	here := "NOT EXISTS (SELECT 1 FROM " + w.layout.fromPermissions() + " WHERE " + is + ")"
	if e.table != "" {
		here = w.parts()[1] + " = " + sqlText(p.Entity) + " AND " + here
	}
	w.addf("INSERT INTO %s (%s) SELECT %s%s WHERE %s",
		sqltext.QuoteIdent(t.Table), columns.names(), columns.values(), from, here)
	return nil
}

func (w *sqlWriter) insertGrant(g grant) error {
	l := w.layout
	r, p, j := l.roles(), l.permissions(), l.grants()
	to := fmt.Sprintf("%s, %s", r, l.fromPermissions())
	both := w.roleName() + " = " + sqlText(g.role) + conditions("r.", l.Roles.Where) +
		" AND " + isPermission(w.parts(), g.permission) + conditions("p.", l.Permissions.Where)
	joined := fmt.Sprintf("%s = %s AND %s = %s%s", j.column(l.Grants.Role), r.column(l.Roles.ID),
		j.column(l.Grants.Permission), p.column(l.Permissions.ID),
		conditions("g.", l.Grants.Where))
	values := map[string]string{
		l.Grants.Role: r.column(l.Roles.ID), l.Grants.Permission: p.column(l.Permissions.ID),
	}
	columns, err := w.columns(l.Grants.Table, values, j.String()+", "+to, joined+" AND "+both)
	if err != nil {
		return err
	}
	w.addf("INSERT INTO %s (%s) SELECT %s FROM %s WHERE %s "+
		"AND NOT EXISTS (SELECT 1 FROM %s WHERE %s)",
		sqltext.QuoteIdent(l.Grants.Table), columns.names(), columns.values(), to, both, j, joined)
	return nil
}

// revoke writes a DELETE for each role. It says what may stay, so it does not depend on what a
// database has.
func (w *sqlWriter) revoke() error {
	l := w.layout
	table := sqltext.QuoteIdent(l.Grants.Table)
	r := l.roles()
	for _, role := range w.policy.Roles {
		permissions, err := w.policy.Permissions(role.Name)
		if err != nil {
			return err
		}
		granted := table + "." + sqltext.QuoteIdent(l.Grants.Permission)
		surplus := l.surplus(granted, w.parts(), permissions)
		w.addf("DELETE FROM %s WHERE EXISTS (SELECT 1 FROM %s WHERE %s = %s.%s AND %s = %s%s)%s%s",
			table, r, r.column(l.Roles.ID), table, sqltext.QuoteIdent(l.Grants.Role),
			w.roleName(), sqlText(role.Name), conditions("r.", l.Roles.Where),
			conditions(table+".", l.Grants.Where), surplus)
	}
	return nil
}

// surplus returns the condition, after an AND, that a permission is none that may stay: neither one
// of the given ones, which are compared by parts, nor one that the layout leaves out. It returns ""
// if none may stay.
func (l Layout) surplus(permission string, parts []string, permissions []Permission) string {
	var either []string
	if len(permissions) > 0 {
		either = append(either, isOneOf(parts, permissions))
	}
	p, where := l.permissions(), l.Permissions.Where
	for _, column := range slices.Sorted(maps.Keys(where)) {
		either = append(either, asText(p.column(column), "IS NOT", sqlText(where[column])))
	}
	if len(either) == 0 {
		return ""
	}
	return fmt.Sprintf(" AND NOT EXISTS (SELECT 1 FROM %s WHERE %s = %s AND (%s))",
		l.fromPermissions(), p.column(l.Permissions.ID), permission, strings.Join(either, " OR "))
}

// sqlText writes a text so that no tool cuts it.
func sqlText(text string) string { return string(portable.Append(nil, sqlite.String(text))) }

// conditions returns the conditions that columns have values, each after an AND. See [asText].
func conditions(prefix string, values map[string]string) string {
	var out strings.Builder
	for _, column := range slices.Sorted(maps.Keys(values)) {
		name := prefix + sqltext.QuoteIdent(column)
		out.WriteString(" AND " + asText(name, "=", sqlText(values[column])))
	}
	return out.String()
}
