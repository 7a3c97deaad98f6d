package rbac

import (
	"fmt"
	"slices"
	"strings"

	"github.com/seedkit/seedkit/internal/schema"
)

// wordsOf returns the words of a name in lower case and in the singular.
func wordsOf(name string) []string {
	all := schema.Words(name)
	for i, w := range all {
		if w == "people" {
			all[i] = "person"
		} else if !strings.HasSuffix(w, "ss") {
			all[i] = strings.TrimSuffix(w, "s")
		}
	}
	return all
}

func lastWord(t *schema.Table) string {
	all := wordsOf(t.Name)
	if len(all) == 0 {
		return ""
	}
	return all[len(all)-1]
}

// roleTables returns the tables that may have a row for each role.
func roleTables(s *schema.Schema) (tables []*schema.Table) {
	for _, t := range s.Tables {
		last := lastWord(t)
		if (last == "role" || last == "group") && idOf(t) != "" && columnFor(t, roleNames) != nil {
			tables = append(tables, t)
		}
	}
	return tables
}

// permissionTables returns the tables that may have a row for each permission.
func permissionTables(s *schema.Schema) (tables []*schema.Table) {
	for _, t := range s.Tables {
		last := lastWord(t)
		if (last == "permission" || last == "privilege") && idOf(t) != "" &&
			(columnFor(t, actionNames) != nil || columnFor(t, permissionNames) != nil) {
			tables = append(tables, t)
		}
	}
	return tables
}

// permissionLike returns all tables with a word for permissions in their name.
func permissionLike(s *schema.Schema) (tables []*schema.Table) {
	for _, t := range s.Tables {
		if slices.ContainsFunc(wordsOf(t.Name), func(w string) bool {
			return w == "permission" || w == "privilege"
		}) {
			tables = append(tables, t)
		}
	}
	return tables
}

// userTables returns the tables that may have the users: those whose name ends in user or, if there
// are none, in another word for people. A table such as roles_users has no users itself.
func userTables(s *schema.Schema) (tables []*schema.Table) {
	joins := func(t *schema.Table) bool {
		return slices.ContainsFunc(wordsOf(t.Name), func(w string) bool {
			return w == "role" || w == "group" || w == "permission"
		})
	}
	is := func(t *schema.Table) bool { return strings.HasSuffix(lastWord(t), "user") }
	others := []string{"account", "member", "person", "profile", "customer"}
	isOther := func(t *schema.Table) bool { return slices.Contains(others, lastWord(t)) }
	for _, test := range []func(*schema.Table) bool{is, isOther} {
		for _, t := range s.Tables {
			if test(t) && idOf(t) != "" && !joins(t) {
				tables = append(tables, t)
			}
		}
		if len(tables) > 0 {
			return tables
		}
	}
	return nil
}

// The words of columns, in the order of preference. A later list counts only if the table has no
// column of an earlier list.
var (
	roleNames       = [][]string{{"name"}, {"key", "slug", "code", "title"}}
	permissionNames = [][]string{{"codename"}, {"name"}, {"key", "slug", "code", "title"}}
	actionNames     = [][]string{{"action", "action_type", "verb", "operation"}}
	entityNames     = [][]string{{"entity", "entity_type", "object_type", "subject",
		"subject_type", "resource", "resource_type", "object", "model"}}
	accessNames = [][]string{{"access", "access_level", "possession", "scope"}}
)

// columnFor returns the columns of a table with one of the names.
func columnFor(t *schema.Table, names [][]string) (columns []string) {
	for _, group := range names {
		for _, c := range t.Columns {
			if slices.Contains(group, strings.Join(schema.Words(c.Name), "_")) && !c.Generated {
				columns = append(columns, c.Name)
			}
		}
		if len(columns) > 0 {
			return columns
		}
	}
	return nil
}

// oneColumn returns the one column of a table with one of the names, or "" if there is none.
func oneColumn(part, what string, t *schema.Table, names [][]string) (string, error) {
	columns := columnFor(t, names)
	switch len(columns) {
	case 0:
		return "", nil
	case 1:
		return columns[0], nil
	}
	return "", &AmbiguousLayoutError{part, what + " of " + t.Name, columns}
}

// idOf returns the column to which other tables refer: the primary key, or a unique column named
// id, or "".
func idOf(t *schema.Table) string {
	if len(t.PrimaryKey) == 1 {
		return t.PrimaryKey[0]
	}
	if c, ok := t.Column("id"); ok && uniqueAlone(t, c.Name) {
		return c.Name
	}
	return ""
}

// uniqueAlone reports whether no two rows have the same value in the column.
func uniqueAlone(t *schema.Table, column string) bool {
	return slices.ContainsFunc(t.Uniques, func(u schema.Unique) bool {
		return len(u.Columns) == 1 && sameName(u.Columns[0], column)
	})
}

// sameName compares names as SQLite does for ASCII letters.
func sameName(a, b string) bool { return strings.EqualFold(a, b) }

func describeRoles(t *schema.Table) (RoleTable, error) {
	name, err := oneColumn("roles.name", "the name of a role", t, roleNames)
	description, _ := t.Column("description")
	return RoleTable{Table: t.Name, ID: idOf(t), Name: name, Description: description.Name}, err
}

func (f finder) describePermissions(t *schema.Table) (p PermissionTable, err error) {
	p = PermissionTable{Table: t.Name, ID: idOf(t)}
	if p.Action, err = oneColumn("permissions.action", "the action", t, actionNames); err != nil {
		return p, err
	}
	if p.Entity, err = oneColumn("permissions.entity", "the entity", t, entityNames); err != nil {
		return p, err
	}
	if p.Access, err = oneColumn("permissions.access", "the access", t, accessNames); err != nil {
		return p, err
	}
	if p.Action == "" {
		p.Action, err = oneColumn("permissions.action", "the name", t, permissionNames)
		if err != nil {
			return p, err
		}
		if uniqueAlone(t, p.Action) {
			p.Entity, p.Access = "", ""
		}
		f.contentTypes(t, &p)
	}
	if p.Entity == "" {
		p.Access = ""
	}
	if label, ok := t.Column("name"); ok && label.Name != p.Action && label.NotNull &&
		label.Default == "" {
		p.Label = label.Name
	}
	return p, nil
}

// contentTypes finds the entity of Django's permissions: a foreign key to a table with the columns
// app_label and model.
func (f finder) contentTypes(t *schema.Table, p *PermissionTable) {
	for _, fk := range t.ForeignKeys {
		parent := f.schema.Table(fk.Parent)
		if parent == nil || len(fk.Columns) != 1 {
			continue
		}
		label, hasLabel := parent.Column("app_label")
		model, hasModel := parent.Column("model")
		if hasLabel && hasModel && sameName(fk.ParentColumns[0], idOf(parent)) {
			p.Entity = fk.Columns[0]
			p.Entities = EntityTable{parent.Name, idOf(parent), []string{label.Name, model.Name}}
		}
	}
}

// userNames are the columns by which a person names a user, the most telling first.
var userNames = []string{"email", "email_address", "username", "user_name", "login", "handle"}

func describeUsers(t *schema.Table) UserTable {
	u := UserTable{Table: t.Name, ID: idOf(t)}
	for _, name := range userNames {
		for _, c := range t.Columns {
			if strings.Join(schema.Words(c.Name), "_") == name {
				u.Names = append(u.Names, c.Name)
			}
		}
	}
	if superuser, ok := t.Column("is_superuser"); ok {
		u.Superuser = superuser.Name
	}
	return u
}

// roleColumns returns the text columns of a table of users with the names of roles.
func roleColumns(t *schema.Table) (columns []string) {
	for _, c := range t.Columns {
		w := wordsOf(c.Name)
		if len(w) == 1 && w[0] == "role" && !isForeign(t, c.Name) && isText(c.Type) {
			columns = append(columns, c.Name)
		}
	}
	return columns
}

// isText reports whether a declared type has the affinity TEXT
// (https://sqlite.org/datatype3.html#determination_of_column_affinity).
func isText(declared string) bool {
	t := strings.ToUpper(declared)
	return !strings.Contains(t, "INT") && (strings.Contains(t, "CHAR") ||
		strings.Contains(t, "CLOB") || strings.Contains(t, "TEXT"))
}

func onlyTable(part, what string, tables []*schema.Table) (*schema.Table, error) {
	if len(tables) == 1 {
		return tables[0], nil
	}
	return nil, &AmbiguousLayoutError{part, what, tableNames(tables)}
}

func tableNames(tables []*schema.Table) (names []string) {
	for _, t := range tables {
		names = append(names, t.Name)
	}
	return names
}

func tableList(tables []*schema.Table) string {
	quoted := tableNames(tables)
	for i, name := range quoted {
		quoted[i] = fmt.Sprintf("%q", name)
	}
	return strings.Join(quoted, ", ")
}

func appendNew(tables []*schema.Table, t *schema.Table) []*schema.Table {
	if slices.Contains(tables, t) {
		return tables
	}
	return append(tables, t)
}
