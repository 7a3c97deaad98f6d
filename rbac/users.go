package rbac

import (
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"

	"github.com/seedkit/seedkit/internal/nearest"
	"github.com/seedkit/seedkit/internal/sqlite"
)

// A User is a user of the app with what the database gives to the user. It makes no difference
// whether the app lets the user in.
type User struct {
	ID     string       `json:"id"`     // as text: a blob is x'00ff'
	Name   string       `json:"name"`   // the first of the layout's names, or the id
	Roles  []string     `json:"roles"`  // the names, in the order of Database.Roles
	Direct []Permission `json:"direct"` // permissions without a role

	// Superuser says that the user passes every check.
	Superuser bool `json:"superuser,omitempty"`

	held   []int // the places of the roles in Database.Roles
	direct []int // the places of the permissions in Database.Permissions
}

// ErrNoUsers reports a layout without a table of users.
var ErrNoUsers = errors.New("the layout names no table of users")

// Users yields every user, in the order of their ids. It takes no more memory for more users. An
// error is the last thing yielded.
func (d *Database) Users() iter.Seq2[User, error] { return d.usersWhere("", nil) }

// User returns the user with the given email, username or id: the value of one of the columns that
// the layout names, exactly as it is stored. A [*UserError] says that there is no such user, or
// more than one.
func (d *Database) User(name string) (User, error) {
	const mostMatches = 10
	u := d.layout.users()
	tests := []string{idExpression(u.column(d.layout.Users.ID)) + " = ? COLLATE BINARY"}
	for _, column := range d.layout.Users.Names {
		tests = append(tests, asText(u.column(column), "=", "?"))
	}
	args := slices.Repeat([]any{name}, len(tests))
	var matches []User
	for user, err := range d.usersWhere(strings.Join(tests, " OR "), args) {
		if err != nil {
			return User{}, err
		}
		if matches = append(matches, user); len(matches) == mostMatches {
			break
		}
	}
	if len(matches) == 1 {
		return matches[0], nil
	}
	e := &UserError{Name: name, Matches: matches}
	if len(matches) > 0 {
		return User{}, e
	}
	var err error
	if e.Near, err = d.nearUser(name); err != nil {
		return User{}, err
	}
	return User{}, e
}

// idExpression returns the SQL for what idText does.
func idExpression(column string) string {
	return fmt.Sprintf("CASE typeof(%s) WHEN 'blob' THEN 'x''' || lower(hex(%[1]s)) || '''' "+
		"ELSE CAST(%[1]s AS TEXT) END", column)
}

// nearUser returns the name of a user that a misspelt name most likely means, or "".
func (d *Database) nearUser(name string) (near string, err error) {
	u := d.layout.users()
	columns := []string{u.column(d.layout.Users.ID)}
	for _, column := range d.layout.Users.Names {
		columns = append(columns, u.column(column))
	}
	q := &query{}
	q.add("SELECT ", strings.Join(columns, ", "), " FROM ", u.String())
	candidates := make([]string, 0, 2)
	for row, err := range q.rows(d.conn) {
		if err != nil {
			return "", fmt.Errorf("read the users: %w", err)
		}
		for i := range columns {
			if best, ok := nearest.Nearest(name, append(candidates, row.Text(i))); ok {
				candidates = append(candidates[:0], best)
			}
		}
	}
	return strings.Join(candidates, ""), nil
}

// usersWhere yields the users that satisfy a condition, or all.
func (d *Database) usersWhere(condition string, args []any) iter.Seq2[User, error] {
	return func(yield func(User, error) bool) {
		if d.layout.Users.Table == "" {
			yield(User{}, ErrNoUsers)
			return
		}
		q := d.usersQuery(condition, args)
		var user User
		var id sqlite.Value
		begun := false
		for row, err := range q.rows(d.conn) {
			if err != nil {
				yield(User{}, fmt.Errorf("read the users: %w", err))
				return
			}
			if next := row.Value(0); !begun || next.IsNull() || next != id {
				if begun && !yield(d.finish(user), nil) {
					return
				}
				user, id, begun = d.begin(row), next, true
			}
			d.add(&user, row)
		}
		if begun {
			yield(d.finish(user), nil)
		}
	}
}

// The columns of usersQuery.
const (
	columnID = iota
	columnName
	columnSuperuser
	columnRoles      // the text with the names of the roles
	columnRole       // the id of a role, or NULL
	columnPermission // the id of a permission, or NULL
)

// usersQuery returns a row for each role and each direct permission of each user, and at least one
// for each user.
func (d *Database) usersQuery(condition string, args []any) *query {
	l, u := d.layout, d.layout.users()
	var names strings.Builder
	for _, name := range l.Users.Names {
		names.WriteString("nullif(" + u.column(name) + ", ''), ")
	}
	columns := fmt.Sprintf("SELECT %s, coalesce(%sNULL, NULL), %s, %s", u.column(l.Users.ID),
		names.String(), optional(u, l.Users.Superuser), optional(u, l.Users.Roles))
	where := func(q *query) {
		if condition != "" {
			q.add(" WHERE ", condition)
			q.args = append(q.args, args...)
		}
	}
	q := &query{}
	if l.Members.Table == "" {
		q.add(columns, ", NULL, NULL FROM ", u.String())
	} else {
		r, m := l.roles(), l.members()
		q.add(columns, ", h.role, NULL FROM ", u.String(), " LEFT JOIN (SELECT ",
			m.column(l.Members.User), " AS user, ", r.column(l.Roles.ID), " AS role FROM ",
			m.String(), " JOIN ", r.String(), " ON ", r.column(l.Roles.ID), " = ",
			m.column(l.Members.Role), " WHERE 1")
		q.where(m, l.Members.Where)
		q.where(r, l.Roles.Where)
		q.add(") AS h ON ", u.column(l.Users.ID), " = h.user")
	}
	where(q)
	if l.Direct.Table != "" {
		p, t := l.permissions(), l.direct()
		q.add(" UNION ALL ", columns, ", NULL, h.permission FROM ", u.String(), " JOIN (SELECT ",
			t.column(l.Direct.User), " AS user, ", p.column(l.Permissions.ID),
			" AS permission FROM ", t.String(), " JOIN ", p.String(), " ON ",
			p.column(l.Permissions.ID), " = ", t.column(l.Direct.Permission), " WHERE 1")
		q.where(t, l.Direct.Where)
		q.where(p, l.Permissions.Where)
		q.add(") AS h ON ", u.column(l.Users.ID), " = h.user")
		where(q)
	}
	q.add(" ORDER BY 1")
	return q
}

// begin returns a user without roles and permissions.
func (d *Database) begin(row *sqlite.Stmt) User {
	u := User{
		ID: idText(row.Value(columnID)), Name: idText(row.Value(columnName)),
		Roles: []string{}, Superuser: isTrue(row.Value(columnSuperuser)),
	}
	if row.Value(columnName).IsNull() {
		u.Name = u.ID
	}
	for _, name := range heldNames(row.Value(columnRoles)) {
		u.held = append(u.held, d.namedAt[name]...)
	}
	return u
}

// isTrue reports whether an app may take a value for true: all but NULL, zero and texts for false.
func isTrue(v sqlite.Value) bool {
	switch v.Kind() {
	case sqlite.Null:
		return false
	case sqlite.Text:
		no := []string{"", "0", "f", "false", "n", "no", "off"}
		return !slices.Contains(no, strings.ToLower(v.Data()))
	case sqlite.Blob:
		return true
	}
	return v.Int64() != 0 || v.Float64() != 0
}

// add adds the role or the permission of a row to the user.
func (d *Database) add(u *User, row *sqlite.Stmt) {
	if v := row.Value(columnRole); !v.IsNull() {
		u.held = append(u.held, d.roleAt[key(v)])
	}
	if v := row.Value(columnPermission); !v.IsNull() {
		u.direct = append(u.direct, d.permitAt[key(v)])
	}
}

// finish puts the roles and permissions of a user into order.
func (d *Database) finish(u User) User {
	slices.Sort(u.held)
	u.held = slices.Compact(u.held)
	for _, at := range u.held {
		if name := d.roles[at].Name; !slices.Contains(u.Roles, name) {
			u.Roles = append(u.Roles, name)
		}
	}
	slices.Sort(u.direct)
	u.Direct = d.at(u.direct)
	return u
}
