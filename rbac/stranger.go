package rbac

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/seedkit/seedkit/generate"
	"github.com/seedkit/seedkit/internal/schema"
	"github.com/seedkit/seedkit/internal/sqlite"
	"github.com/seedkit/seedkit/internal/sqltext"
)

// A stranger is a role that the policy does not name, in the database with other ids.
type stranger struct {
	writer  *sqlWriter
	stored  *rows           // the ids of what the database has
	filled  map[string]bool // the tables that have rows
	names   map[string]bool // of the roles that the schema's scripts insert
	role    string
	members int64
	grants  int
}

// make makes the database: one of the schema with a further role that users have, with roles by
// their former names, and with a further grant of a role of the policy if the statements take such
// grants. Then it changes the ids.
func (s *stranger) make(ctx context.Context, path string) error {
	w, l := s.writer, s.writer.layout
	d, err := Open(ctx, w.path("schema.db"), l)
	if err != nil {
		return err
	}
	defer d.Close()
	s.role = s.unused(d)
	s.names = map[string]bool{}
	for _, r := range d.roles {
		s.names[r.Name] = true
	}
	if s.stored, err = newRows(d, nil); err != nil {
		return err
	}
	if s.filled, err = filledTables(d.conn, s.stored.schema); err != nil {
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

func filledTables(c *sqlite.Conn, of *schema.Schema) (map[string]bool, error) {
	filled := map[string]bool{}
	for _, t := range of.Tables {
		some, err := c.Int64(fmt.Sprintf("SELECT EXISTS (SELECT 1 FROM %s)",
			sqltext.QuoteIdent(t.Name)))
		if err != nil {
			return nil, err
		}
		filled[t.Name] = some != 0
	}
	return filled, nil
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
	made := map[string]bool{
		l.Roles.Table: true, l.Permissions.Table: true, l.Permissions.Entities.Table: true,
		l.Grants.Table: true, l.Users.Table: true, l.Members.Table: true,
	}
	for _, table := range slices.Sorted(maps.Keys(made)) {
		s.fillParents(f, table, made)
	}
	var role any
	if l.Roles.Table != "" {
		role = f.Add(l.Roles.Table, s.role, with(generate.Row{l.Roles.Name: s.role}, l.Roles.Where))
	}
	for _, r := range s.writer.policy.Roles {
		s.fillFormer(f, r)
	}
	if l.Grants.Table != "" {
		s.fillGrants(f, role)
	}
	for _, name := range []string{"first", "second"} {
		s.fillUser(f, name, role)
	}
}

// fillParents declares a row in each table to which the rows of a table must refer, such as that of
// the tenants, unless the schema's scripts insert one.
func (s *stranger) fillParents(f *generate.Fixtures, table string, made map[string]bool) {
	t := s.stored.schema.Table(table)
	if t == nil {
		return
	}
	for _, fk := range t.ForeignKeys {
		mayBeNull := func(name string) bool { c, _ := t.Column(name); return !c.NotNull }
		if made[fk.Parent] || s.filled[fk.Parent] || slices.ContainsFunc(fk.Columns, mayBeNull) {
			continue
		}
		made[fk.Parent] = true
		s.fillParents(f, fk.Parent, made)
		f.Add(fk.Parent, s.role, generate.Row{})
	}
}

// fillFormer declares a role by a former name, unless the database has it by another name.
func (s *stranger) fillFormer(f *generate.Fixtures, r Role) {
	isStored := func(name string) bool { return s.names[name] }
	if len(r.Formerly) == 0 || isStored(r.Name) || slices.ContainsFunc(r.Formerly, isStored) {
		return
	}
	former := Role{Name: r.Formerly[0]}
	switch l := s.writer.layout; {
	case l.Roles.Table != "":
		s.stored.roles[former.Name] = f.Add(l.Roles.Table, former.Name, l.Roles.row(former))
	case l.Users.Roles != "":
		s.members++
		f.Add(l.Users.Table, "with "+former.Name,
			generate.Row{l.Users.Roles: former.Name + "," + s.role})
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

// owned returns a role of the policy: one that the database has, also by a former name, or else a
// new row.
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
