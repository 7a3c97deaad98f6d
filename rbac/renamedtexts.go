package rbac

import (
	"context"
	"fmt"
	"strings"

	"github.com/seedkit/seedkit/apply"
	"github.com/seedkit/seedkit/internal/sqlite"
)

// renamedTexts has the users whose text of roles has a former name, in a database of its own, so
// that their number takes no memory.
type renamedTexts struct {
	layout UserTable
	conn   *sqlite.Conn
}

// renameTexts replaces the former names in the texts of the users.
func (c *change) renameTexts(ctx context.Context) (*renamedTexts, error) {
	if len(c.renamed) == 0 {
		return nil, nil
	}
	conn, err := sqlite.Open(ctx, sqlite.Temporary, sqlite.Create)
	if err != nil {
		return nil, err
	}
	out := &renamedTexts{layout: c.database.layout.Users, conn: conn}
	if err := out.fill(c.database, c.renamed); err != nil {
		conn.Close()
		return nil, err
	}
	return out, nil
}

func (t *renamedTexts) fill(d *Database, renamed map[string]string) error {
	if err := t.conn.ExecScript("CREATE TABLE user(id, was, becomes); BEGIN"); err != nil {
		return err
	}
	insert, err := t.conn.PrepareOne("INSERT INTO user VALUES(?, ?, ?)")
	if err != nil {
		return err
	}
	defer insert.Close()
	u := d.layout.users()
	sql := fmt.Sprintf("SELECT %s, %s FROM %s", u.column(t.layout.ID), u.column(t.layout.Roles), u)
	for row, err := range d.conn.Query(sql) {
		if err != nil {
			return fmt.Errorf("read the roles of the users: %w", err)
		}
		was := row.Value(1)
		becomes := renameText(was, renamed)
		if becomes == was {
			continue
		}
		if err := insert.Exec(row.Value(0), was, becomes); err != nil {
			return err
		}
	}
	return nil
}

// renameText renames the names in a text of roles. The empty text between two commas is no name, as
// for [heldNames].
func renameText(was sqlite.Value, renamed map[string]string) sqlite.Value {
	if was.Kind() != sqlite.Text {
		return was
	}
	names := strings.Split(was.Data(), ",")
	for i, name := range names {
		if to, ok := renamed[name]; ok && name != "" {
			names[i] = to
		}
	}
	return sqlite.String(strings.Join(names, ","))
}

func (t *renamedTexts) yield(yield func(apply.Edit, error) bool) {
	for row, err := range t.conn.Query("SELECT id, was, becomes FROM user ORDER BY rowid") {
		var e apply.Edit
		if err == nil {
			e = apply.Edit{
				Table: t.layout.Table,
				Where: map[string]any{t.layout.ID: row.Value(0), t.layout.Roles: row.Value(1)},
				Set:   map[string]any{t.layout.Roles: row.Value(2)},
			}
		}
		if !yield(e, err) || err != nil {
			return
		}
	}
}

func (t *renamedTexts) close() { t.conn.Close() }
