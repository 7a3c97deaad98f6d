package rbac

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/seedkit/seedkit/generate"
	"github.com/seedkit/seedkit/internal/schema"
	"github.com/seedkit/seedkit/internal/sqlite"
	"github.com/seedkit/seedkit/internal/sqltext"
)

// A ProofError reports that statements do not do in a trial what they must do everywhere.
type ProofError struct {
	// Database says on which of the databases for the trial: "a database of the schema", or "a
	// database with other ids".
	Database string
	// Statement is the one that SQLite refuses, or "".
	Statement string
	Msg       string
	Err       error // SQLite's error, or nil
}

func (e *ProofError) Error() string {
	text := "the statements fail on " + e.Database + ": " + e.Msg
	if e.Statement != "" {
		text += ": " + e.Statement
	}
	return text
}

// Unwrap returns SQLite's error, or nil.
func (e *ProofError) Unwrap() error { return e.Err }

// The databases for the trial.
const (
	ofSchema     = "a database of the schema"
	withOtherIDs = "a database with other ids"
)

// prove tries the statements.
func (w *sqlWriter) prove(ctx context.Context, statements []string) error {
	s := &stranger{writer: w}
	if err := s.make(ctx, w.path("other.db")); err != nil {
		return fmt.Errorf("make %s for the proof: %w", withOtherIDs, err)
	}
	for _, trial := range []struct{ path, name string }{
		{w.path("schema.db"), ofSchema}, {w.path("other.db"), withOtherIDs},
	} {
		if err := runTwice(ctx, trial.path, statements); err != nil {
			err.Database = trial.name
			return err
		}
		d, err := Open(ctx, trial.path, w.layout)
		if err != nil {
			return err
		}
		found := w.wrong(d)
		if found == "" && trial.name == withOtherIDs {
			found = s.wrong(d)
		}
		if err := d.Close(); err != nil {
			return err
		}
		if found != "" {
			return &ProofError{Database: trial.name, Msg: found}
		}
	}
	return nil
}

// runTwice runs the statements one by one, as most tools do. The second time they must change
// nothing.
func runTwice(ctx context.Context, path string, statements []string) *ProofError {
	c, err := sqlite.Open(ctx, path, sqlite.ReadWrite)
	if err != nil {
		return &ProofError{Msg: err.Error(), Err: err}
	}
	defer c.Close()
	if err := c.Exec("PRAGMA foreign_keys = ON"); err != nil {
		return &ProofError{Msg: err.Error(), Err: err}
	}
	for again := range 2 {
		for _, statement := range statements {
			before := c.TotalChanges()
			if err := c.ExecScript(statement); err != nil {
				var at *sqlite.ScriptError
				if errors.As(err, &at) {
					err = at.Err
				}
				return &ProofError{Statement: statement, Msg: err.Error(), Err: err}
			}
			if again == 1 && c.TotalChanges() != before {
				return &ProofError{Statement: statement, Msg: "the second run changes rows"}
			}
		}
	}
	return nil
}

// wrong says in what the database differs from the policy, or returns "". It passes over what
// statements do not change: duplicates, for example, or without Revoke the grants that the policy
// does not give.
func (w *sqlWriter) wrong(d *Database) string {
	diff, err := Compare(w.policy, d)
	if err != nil {
		return err.Error()
	}
	must := []Kind{MissingRole, MissingPermission, MissingGrant, RenamedRole}
	if w.opts.Revoke {
		must = append(must, ExtraGrant)
	}
	for _, c := range diff.Changes {
		if slices.Contains(must, c.Kind) {
			return fmt.Sprintf("then it has a difference from the policy, %s: role %q %s", c.Kind,
				c.Role, c.Permission)
		}
	}
	return ""
}

// A stranger is a role that the policy does not name, in the database with other ids.
type stranger struct {
	writer  *sqlWriter
	stored  *rows
	role    string
	members int64
	grants  int
}

// make makes the database: one of the schema with a further role that users have, and with a
// further grant of a role of the policy if the statements take such grants. Then it changes the
// ids.
func (s *stranger) make(ctx context.Context, path string) error {
	w, l := s.writer, s.writer.layout
	d, err := Open(ctx, w.path("schema.db"), l)
	if err != nil {
		return err
	}
	defer d.Close()
	s.role = s.unused(d)
	if s.stored, err = newRows(d, nil); err != nil {
		return err
	}
	_, err = generate.Write(ctx, path, generate.Options{
		SchemaPath: w.schema,
		Sets:       []generate.Set{{Name: "stranger", Fill: s.fill}},
	})
	if err != nil {
		return err
	}
	return s.changeIDs(ctx, path)
}

// unused returns a name that neither the policy nor the database has.
func (s *stranger) unused(d *Database) string {
	name := "stranger"
	taken := func() bool {
		return slices.ContainsFunc(d.roles, func(r StoredRole) bool { return r.Name == name }) ||
			slices.ContainsFunc(s.writer.policy.Roles, func(r Role) bool {
				return r.Name == name || slices.Contains(r.Formerly, name)
			})
	}
	for taken() {
		name += "s"
	}
	return name
}

func (s *stranger) fill(f *generate.Fixtures) {
	l := s.writer.layout
	var role any
	if l.Roles.Table != "" {
		role = f.Add(l.Roles.Table, s.role, with(generate.Row{l.Roles.Name: s.role}, l.Roles.Where))
	}
	if l.Grants.Table != "" {
		s.fillGrants(f, role)
	}
	for _, name := range []string{"first", "second"} {
		s.fillUser(f, name, role)
	}
}

// fillUser declares a user with the role, if the layout knows users.
func (s *stranger) fillUser(f *generate.Fixtures, name string, role any) {
	l := s.writer.layout
	row := generate.Row{}
	switch {
	case l.Users.Table == "":
		return
	case l.Users.Roles != "":
		row[l.Users.Roles] = s.role
	case l.Members.Table == "":
		return
	case l.Members.Table == l.Users.Table:
		row[l.Members.Role] = role
	}
	s.members++
	user := f.Add(l.Users.Table, name, row)
	if l.Users.Roles == "" && l.Members.Table != l.Users.Table {
		f.Add(l.Members.Table, name, with(
			generate.Row{l.Members.Role: role, l.Members.User: user}, l.Members.Where))
	}
}

// fillGrants declares a permission that the policy does not have, and gives it to the stranger and,
// if grants are taken away, to the first role that the policy has.
func (s *stranger) fillGrants(f *generate.Fixtures, role any) {
	l, p := s.writer.layout, s.writer.layout.Permissions
	row := generate.Row{p.Action: s.role}
	if p.Entities.Table != "" {
		names := generate.Row{}
		for _, name := range p.Entities.Names {
			names[name] = s.role
		}
		row[p.Entity] = f.Add(p.Entities.Table, s.role, names)
	} else if p.Entity != "" {
		row[p.Entity] = s.role
	}
	if p.Access != "" {
		row[p.Access] = s.role
	}
	permission := f.Add(p.Table, s.role, with(row, p.Where))
	holders := []any{role}
	if s.writer.opts.Revoke && len(s.writer.policy.Roles) > 0 {
		holders = append(holders, s.owned(f))
	}
	for i, holder := range holders {
		f.Add(l.Grants.Table, fmt.Sprint(s.role, i), with(
			generate.Row{l.Grants.Role: holder, l.Grants.Permission: permission}, l.Grants.Where))
	}
	s.grants = 1
}

// owned returns a role of the policy: the id of one that is stored, also by a former name, or else
// a new row.
func (s *stranger) owned(f *generate.Fixtures) any {
	roles := s.writer.policy.Roles
	for _, r := range roles {
		for _, name := range append([]string{r.Name}, r.Formerly...) {
			if id, ok := s.stored.roles[name]; ok {
				return id
			}
		}
	}
	t := s.writer.layout.Roles
	return f.Add(t.Table, roles[0].Name, t.row(roles[0]))
}

// wrong says what became of the stranger, or returns "" if it is as it was.
func (s *stranger) wrong(d *Database) string {
	if s.writer.layout.Roles.Table == "" && s.members == 0 {
		return ""
	}
	i := slices.IndexFunc(d.roles, func(r StoredRole) bool { return r.Name == s.role })
	if i < 0 {
		return "the role that the policy does not name is gone"
	}
	if r := d.roles[i]; r.Members != s.members || len(r.Permissions) != s.grants {
		return fmt.Sprintf("the role that the policy does not name had %d users and %d "+
			"permissions, and has %d and %d", s.members, s.grants, r.Members, len(r.Permissions))
	}
	return ""
}

// changeIDs gives the rows of roles and of permissions other ids.
func (s *stranger) changeIDs(ctx context.Context, path string) error {
	c, err := sqlite.Open(ctx, path, sqlite.ReadWrite)
	if err != nil {
		return err
	}
	defer c.Close()
	if err := c.EnableTriggers(false); err != nil {
		return err
	}
	if err := c.Exec("PRAGMA foreign_keys = OFF"); err != nil {
		return err
	}
	read, err := schema.Read(c)
	if err != nil {
		return err
	}
	l := s.writer.layout
	roles := []reference{{l.Grants.Table, l.Grants.Role}, {l.Members.Table, l.Members.Role}}
	permissions := []reference{
		{l.Grants.Table, l.Grants.Permission}, {l.Direct.Table, l.Direct.Permission},
	}
	if err := changeIDs(c, read, reference{l.Roles.Table, l.Roles.ID}, roles); err != nil {
		return err
	}
	return changeIDs(c, read, reference{l.Permissions.Table, l.Permissions.ID}, permissions)
}

// A reference is a column of a table.
type reference struct{ table, column string }

// changeIDs changes the ids of a table, and what refers to them: the given columns, and those of
// foreign keys.
func changeIDs(c *sqlite.Conn, s *schema.Schema, of reference, from []reference) error {
	if of.table == "" {
		return nil
	}
	for _, t := range s.Tables {
		for _, fk := range t.ForeignKeys {
			if s.Table(fk.Parent) != s.Table(of.table) ||
				!slices.Equal(fk.ParentColumns, []string{of.column}) {
				continue
			}
			if r := (reference{t.Name, fk.Columns[0]}); !slices.Contains(from, r) {
				from = append(from, r)
			}
		}
	}
	from = append(from, of)
	ids, err := idsOf(c, of)
	if err != nil {
		return err
	}
	taken := map[sqlite.Value]bool{}
	for _, id := range ids {
		taken[id] = true
	}
	for _, id := range ids {
		other := otherID(id, taken)
		for _, r := range from {
			if r.table == "" {
				continue
			}
			column := sqltext.QuoteIdent(r.column)
			sql := fmt.Sprintf("UPDATE %s SET %s = ? WHERE %s = ?",
				sqltext.QuoteIdent(r.table), column, column)
			if err := c.Exec(sql, other, id); err != nil {
				return fmt.Errorf("change an id of %s: %w", of.table, err)
			}
		}
	}
	return nil
}

func idsOf(c *sqlite.Conn, of reference) (ids []sqlite.Value, err error) {
	sql := fmt.Sprintf("SELECT %s FROM %s",
		sqltext.QuoteIdent(of.column), sqltext.QuoteIdent(of.table))
	for row, err := range c.Query(sql) {
		if err != nil {
			return nil, fmt.Errorf("read the ids of %s: %w", of.table, err)
		}
		ids = append(ids, row.Value(0))
	}
	return ids, nil
}

// otherID returns an id of the same shape that is not taken, and takes it.
func otherID(id sqlite.Value, taken map[sqlite.Value]bool) sqlite.Value {
	for other := id; ; {
		switch id.Kind() {
		case sqlite.Integer:
			other = sqlite.Int(other.Int64() + 1000)
		default:
			text := []byte(other.Data())
			changed := false
			for i, b := range text {
				if '0' <= b && b <= '9' {
					text[i], changed = '0'+(b-'0'+7)%10, true
				}
			}
			if !changed || taken[sqlite.String(string(text))] && string(text) == id.Data() {
				text = append(text, '7')
			}
			other = sqlite.String(string(text))
			if id.Kind() == sqlite.Blob {
				other = sqlite.Bytes(text)
			}
		}
		if !taken[other] {
			taken[other] = true
			return other
		}
	}
}
