package rbac

import (
	"context"
	"fmt"

	"github.com/seedkit/seedkit/internal/sqlite"
	"github.com/seedkit/seedkit/internal/sqltext"
)

// exactly makes a comparison tell any two texts apart, such as admin from ADMIN, whatever the
// collation of the column. A policy and [Compare] do so, too.
const exactly = " COLLATE BINARY"

// exact returns an expression of a column so that a comparison tells any two texts apart. It leaves
// out what the column does by itself.
func (w *sqlWriter) exact(expression, table, column string) string {
	if w.inexact[reference{table, column}] {
		return expression + exactly
	}
	return expression
}

// roleName returns the name of a role in a query, to compare with.
func (w *sqlWriter) roleName() string {
	t := w.layout.Roles
	return w.exact(w.layout.roles().column(t.Name), t.Table, t.Name)
}

// parts returns the parts of a permission in a query, to compare with.
func (w *sqlWriter) parts() []string {
	t := w.layout.Permissions
	parts := w.layout.permissionParts()
	for i, column := range []string{t.Action, t.Entity, t.Access}[:len(parts)] {
		if i != 1 || t.Entities.Table == "" { // what is put together compares exactly
			parts[i] = w.exact(parts[i], t.Table, column)
		}
	}
	return parts
}

// readCollations finds the columns whose collation takes different texts for one.
func (w *sqlWriter) readCollations(ctx context.Context) error {
	c, err := sqlite.Open(ctx, w.path("schema.db"), sqlite.ReadWrite)
	if err != nil {
		return err
	}
	defer c.Close()
	w.inexact = map[reference]bool{}
	r, p := w.layout.Roles, w.layout.Permissions
	for _, of := range []reference{
		{r.Table, r.Name}, {p.Table, p.Action}, {p.Table, p.Entity}, {p.Table, p.Access},
	} {
		if of.table == "" || of.column == "" {
			continue
		}
		if w.inexact[of], err = isInexact(c, of); err != nil {
			return err
		}
	}
	return nil
}

// isInexact asks an index, which it does not keep, for the collation of a column.
func isInexact(c *sqlite.Conn, of reference) (bool, error) {
	const name = "seedkit collation"
	if err := c.Exec("BEGIN"); err != nil {
		return false, err
	}
	defer c.Rollback()
	err := c.Exec(fmt.Sprintf("CREATE INDEX %s ON %s(%s)", sqltext.QuoteIdent(name),
		sqltext.QuoteIdent(of.table), sqltext.QuoteIdent(of.column)))
	if err != nil {
		return false, fmt.Errorf("look up the collation of %s.%s: %w", of.table, of.column, err)
	}
	found, err := c.Value("SELECT coll FROM pragma_index_xinfo(?) WHERE key", name)
	return found.Data() != "BINARY", err
}
