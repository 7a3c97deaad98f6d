package rbac

import (
	"context"
	"fmt"
	"iter"
	"strings"

	"github.com/seedkit/seedkit/apply"
	"github.com/seedkit/seedkit/internal/sqlite"
	"github.com/seedkit/seedkit/internal/sqltext"
)

// A KeepError reports a change after which no user would pass all of the policy's checks that
// somebody must pass. See [Policy.KeepChecks]. Nothing was changed.
type KeepError struct {
	Checks        []Check
	Before, After int64 // how many users pass all checks
	Users         int64 // how many users there are
}

func (e *KeepError) Error() string {
	const most = 3
	var checks []string
	for i, c := range e.Checks {
		if i == most {
			checks = append(checks, fmt.Sprintf("and %d more", len(e.Checks)-most))
			break
		}
		checks = append(checks, fmt.Sprintf("%q", string(c)))
	}
	return fmt.Sprintf("of %d users, %d pass the checks that somebody must pass, and %d would "+
		"pass them after the change: %s", e.Users, e.Before, e.After, strings.Join(checks, ", "))
}

// A selectFunc runs a SELECT as [apply.Check] gets it.
type selectFunc func(sql string, args ...any) iter.Seq2[[]any, error]

// keepCheck returns the check that some user passes the policy's keep checks. It counts those who
// pass before the change.
func (p Policy) keepCheck(d *Database) (apply.Check, error) {
	k := &keeping{policy: p, layout: d.layout, checks: p.KeepChecks()}
	if len(k.checks) == 0 || d.layout.Users.Table == "" {
		return nil, nil
	}
	if err := k.readChecks(); err != nil {
		return nil, err
	}
	before, _, err := k.count(selectFrom(d.conn))
	if err != nil {
		return nil, err
	}
	return func(_ context.Context, query func(string, ...any) iter.Seq2[[]any, error]) error {
		after, users, err := k.count(query)
		if err != nil {
			return err
		}
		if after > 0 || users == 0 || before == 0 && len(p.Keep) == 0 {
			return nil
		}
		return &KeepError{Checks: k.checks, Before: before, After: after, Users: users}
	}, nil
}

// selectFrom returns a selectFunc of a connection. Its values are [sqlite.Value].
func selectFrom(c *sqlite.Conn) selectFunc {
	return func(sql string, args ...any) iter.Seq2[[]any, error] {
		return func(yield func([]any, error) bool) {
			for row, err := range c.Query(sql, args...) {
				if err != nil {
					yield(nil, err)
					return
				}
				if !yield(sqlite.Args(row.Values()), nil) {
					return
				}
			}
		}
	}
}

// A keeping counts the users who pass all checks.
type keeping struct {
	policy    Policy
	layout    Layout
	checks    []Check
	questions []question
}

// passes has a bit for each check that is passed.
type passes []uint64

func (a passes) add(b passes) {
	for i := range b {
		a[i] |= b[i]
	}
}

func (k *keeping) none() passes { return make(passes, (len(k.checks)+63)/64) }

// all reports whether every check is passed.
func (k *keeping) all(p passes) bool {
	for i := range k.checks {
		if p[i/64]&(1<<(i%64)) == 0 {
			return false
		}
	}
	return true
}

func (k *keeping) readChecks() error {
	parts := k.layout.parts()
	if k.layout.Permissions.Table == "" {
		parts = k.policy.parts()
	}
	for _, c := range k.checks {
		q, err := c.question(parts)
		if err != nil {
			return err
		}
		k.questions = append(k.questions, q)
	}
	return nil
}

// of returns the checks that a permission passes.
func (k *keeping) of(p Permission) passes {
	out := k.none()
	for i, q := range k.questions {
		if q.holds(p) {
			out[i/64] |= 1 << (i % 64)
		}
	}
	return out
}

// count counts the users who pass all checks, and all users. Memory does not grow with their
// number.
func (k *keeping) count(run selectFunc) (passing, users int64, err error) {
	u := k.layout.users()
	for row, err := range run("SELECT count(*) FROM " + u.String()) {
		if err != nil {
			return 0, 0, err
		}
		users = valueOf(row[0]).Int64()
	}
	permissions, err := k.permissions(run)
	if err != nil {
		return 0, 0, err
	}
	roles, err := k.roles(run, permissions)
	if err != nil {
		return 0, 0, err
	}
	passing, err = k.countUsers(run, roles, permissions)
	return passing, users, err
}

// permissions returns the checks that each stored permission passes, by its id.
func (k *keeping) permissions(run selectFunc) (map[string]passes, error) {
	l, out := k.layout, map[string]passes{}
	if l.Permissions.Table == "" {
		return out, nil
	}
	p := l.permissions()
	q := &query{}
	q.add("SELECT ", p.column(l.Permissions.ID), ", ", strings.Join(l.permissionParts(), ", "),
		" FROM ", l.fromPermissions(), " WHERE 1")
	q.where(p, l.Permissions.Where)
	for row, err := range run(q.text.String(), q.args...) {
		if err != nil {
			return nil, fmt.Errorf("read the permissions: %w", err)
		}
		var stored Permission
		for i, part := range []*string{&stored.Action, &stored.Entity, &stored.Access}[:l.parts()] {
			*part, _ = nameOf(valueOf(row[i+1]))
		}
		out[key(valueOf(row[0]))] = k.of(stored)
	}
	return out, nil
}

// roles returns the checks that each role passes: by its id, or, where users have texts of names,
// by its name.
func (k *keeping) roles(run selectFunc, permissions map[string]passes) (map[string]passes, error) {
	l, out := k.layout, map[string]passes{}
	if l.Permissions.Table == "" {
		return k.rolesOfPolicy(run)
	}
	r, g := l.roles(), l.grants()
	id := l.Roles.ID
	if l.Users.Roles != "" {
		id = l.Roles.Name
	}
	q := &query{}
	q.add("SELECT ", r.column(id), ", ", g.column(l.Grants.Permission), " FROM ", r.String(),
		" JOIN ", g.String(), " ON ", g.column(l.Grants.Role), " = ", r.column(l.Roles.ID),
		" WHERE 1")
	q.where(r, l.Roles.Where)
	q.where(g, l.Grants.Where)
	for row, err := range run(q.text.String(), q.args...) {
		if err != nil {
			return nil, fmt.Errorf("read the grants: %w", err)
		}
		role := key(valueOf(row[0]))
		if out[role] == nil {
			out[role] = k.none()
		}
		out[role].add(permissions[key(valueOf(row[1]))])
	}
	return out, nil
}

// rolesOfPolicy does what roles does for a database without permissions.
func (k *keeping) rolesOfPolicy(run selectFunc) (map[string]passes, error) {
	l, byName := k.layout, map[string]passes{}
	for _, r := range k.policy.Roles {
		permissions, err := k.policy.Permissions(r.Name)
		if err != nil {
			return nil, err
		}
		all := k.none()
		for _, p := range permissions {
			all.add(k.of(p))
		}
		byName[key(sqlite.String(r.Name))] = all
	}
	if l.Users.Roles != "" || l.Roles.Table == "" {
		return byName, nil
	}
	r, out := l.roles(), map[string]passes{}
	q := &query{}
	q.add("SELECT ", r.column(l.Roles.ID), ", ", r.column(l.Roles.Name), " FROM ", r.String(),
		" WHERE 1")
	q.where(r, l.Roles.Where)
	for row, err := range run(q.text.String(), q.args...) {
		if err != nil {
			return nil, fmt.Errorf("read the roles: %w", err)
		}
		out[key(valueOf(row[0]))] = byName[key(valueOf(row[1]))]
	}
	return out, nil
}

// countUsers goes through what users have, one user after another.
func (k *keeping) countUsers(
	run selectFunc, roles, permissions map[string]passes,
) (passing int64, err error) {
	q := k.holdings()
	current, user := k.none(), ""
	finish := func() {
		if user != "" && k.all(current) {
			passing++
		}
		clear(current)
	}
	for row, err := range run(q.text.String(), q.args...) {
		if err != nil {
			return 0, fmt.Errorf("read the roles of the users: %w", err)
		}
		if id := key(valueOf(row[0])); id != user {
			finish()
			user = id
		}
		switch held := valueOf(row[2]); valueOf(row[1]).Int64() {
		case heldRole:
			current.add(roles[key(held)])
		case heldPermission:
			current.add(permissions[key(held)])
		case heldTexts:
			for _, name := range heldNames(held) {
				current.add(roles[key(sqlite.String(name))])
			}
		case heldAll:
			for i := range current {
				if isTrue(held) {
					current[i] = ^uint64(0)
				}
			}
		}
	}
	finish()
	return passing, nil
}

// What a row of holdings is.
const (
	heldRole = iota
	heldPermission
	heldTexts // a text of roles
	heldAll   // whether the user is a superuser
)

// holdings returns the query for what each user has, in the order of the users.
func (k *keeping) holdings() *query {
	l, u, q := k.layout, k.layout.users(), &query{}
	id := u.column(l.Users.ID)
	part := func(what int, held string) {
		if q.text.Len() > 0 {
			q.add(" UNION ALL ")
		}
		q.add("SELECT ", id, fmt.Sprintf(" AS user, %d AS what, ", what), held, " AS held FROM ",
			u.String())
	}
	joined := func(what int, table JoinTable, from source, held string) {
		part(what, from.column(held))
		q.add(" JOIN ", from.String(), " ON ", from.column(table.User), " = ", id, " WHERE 1")
		q.where(from, table.Where)
	}
	if l.Users.Roles != "" {
		part(heldTexts, u.column(l.Users.Roles))
	}
	if l.Members.Table != "" {
		joined(heldRole, l.Members, l.members(), l.Members.Role)
	}
	if l.Direct.Table != "" {
		joined(heldPermission, l.Direct, l.direct(), l.Direct.Permission)
	}
	if l.Users.Superuser != "" {
		part(heldAll, u.column(l.Users.Superuser))
	}
	if q.text.Len() == 0 {
		part(heldTexts, "NULL")
	}
	q.add(" ORDER BY " + sqltext.QuoteIdent("user"))
	return q
}

// valueOf returns a value of a selectFunc as SQLite's.
func valueOf(v any) sqlite.Value {
	value, _ := sqlite.ValueOf(v) // apply gives only types that SQLite has
	return value
}
