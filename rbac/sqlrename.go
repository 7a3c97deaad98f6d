package rbac

import (
	"fmt"
	"strings"

	"github.com/seedkit/seedkit/internal/sqltext"
)

// rename writes an UPDATE for each former name of a role. It does nothing if the role is there, or
// another former name of it.
func (w *sqlWriter) rename(r Role) {
	t := w.layout.Roles
	name := sqltext.QuoteIdent(t.Name)
	for _, former := range r.Formerly {
		w.addf("UPDATE %s SET %s = %s WHERE %s = %s%s "+
			"AND NOT EXISTS (SELECT 1 FROM %s WHERE %s IN (%s)%s)",
			sqltext.QuoteIdent(t.Table), name, sqlText(r.Name), w.exact(name, t.Table, t.Name),
			sqlText(former), conditions("", t.Where), w.layout.roles(), w.roleName(),
			takenBy(r, former), conditions("r.", t.Where))
	}
}

// renameInTexts writes an UPDATE for each former name of a role in a database that has the names of
// roles in a column of the users. The empty text between two commas is no name, as for [heldNames].
func (w *sqlWriter) renameInTexts() {
	for _, r := range w.policy.Roles {
		for _, former := range r.Formerly {
			if former != "" {
				w.renameInText(r, former)
			}
		}
	}
}

// renameInText writes an UPDATE for one former name. Two neighbours of one name share a comma, so
// it replaces twice. It leaves alone a value that is no text, and a text that would have a NUL
// byte, at which substr cuts.
func (w *sqlWriter) renameInText(r Role, former string) {
	u := w.layout.Users
	table, column := sqltext.QuoteIdent(u.Table), sqltext.QuoteIdent(u.Roles)
	listed := "',' || " + column + " || ','"
	has := func(name string) string {
		return fmt.Sprintf("instr(%s, %s) > 0", listed, sqlText(","+name+","))
	}
	taken := has(r.Name)
	for _, other := range r.Formerly {
		if other != former && other != "" {
			taken += " OR " + has(other)
		}
	}
	if w.layout.Roles.Table != "" {
		taken += w.orStored(r, former)
	}
	was, is := sqlText(","+former+","), sqlText(","+r.Name+",")
	renamed := fmt.Sprintf("replace(replace(%s, %s, %s), %s, %s)", listed, was, is, was, is)
	w.addf("UPDATE %s SET %s = substr(%s, 2, length(%s) - 2) WHERE %s AND typeof(%s) = 'text' "+
		"AND instr(%s, char(0)) = 0 AND NOT EXISTS (SELECT 1 FROM %s WHERE %s)",
		table, column, renamed, renamed, has(former), column, renamed, table, taken)
}

// orStored returns the condition, after an OR, that the table of roles does not let a role get its
// new name.
func (w *sqlWriter) orStored(r Role, former string) string {
	return fmt.Sprintf(" OR EXISTS (SELECT 1 FROM %s WHERE %s IN (%s)%s)", w.layout.roles(),
		w.roleName(), takenBy(r, former), conditions("r.", w.layout.Roles.Where))
}

// takenBy lists the names that keep a role from getting its new name in place of a former one.
func takenBy(r Role, former string) string {
	taken := []string{sqlText(r.Name)}
	for _, other := range r.Formerly {
		if other != former {
			taken = append(taken, sqlText(other))
		}
	}
	return strings.Join(taken, ", ")
}
