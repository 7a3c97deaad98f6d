package rbac

import (
	"context"
	"errors"
	"slices"

	"github.com/seedkit/seedkit/internal/schema"
	"github.com/seedkit/seedkit/internal/sqlite"
)

// A Database is what a database said about roles and permissions when it was opened: one snapshot,
// whatever the app writes meanwhile. It belongs to one goroutine at a time.
type Database struct {
	conn   *sqlite.Conn
	schema *schema.Schema
	layout Layout
	found  bool // the layout was found, not given

	roles       []StoredRole
	permissions []StoredPermission
	faults      []Change
}

// A StoredRole is a row of the table of roles, or, in a database without such a table, a name in
// the column of the users.
type StoredRole struct {
	ID          string       `json:"id"` // as text: a blob is x'00ff'; the name without a table
	Name        string       `json:"name"`
	Description string       `json:"description,omitempty"`
	Permissions []Permission `json:"permissions"` // in the order of Database.Permissions, each once
	Members     int64        `json:"members"`     // the users who have the role

	nameless bool // the stored name is not text
}

// A StoredPermission is a row of the table of permissions.
type StoredPermission struct {
	ID         string     `json:"id"`
	Permission Permission `json:"permission"`

	nameless bool // one of the stored names is not text
}

// Open opens the database at path for reading only, and reads its roles and permissions. The
// database lives as long as ctx. If the layout is zero, Open finds it by the shape of the tables:
// an [*AmbiguousLayoutError] says that there are two candidates, and a [*NoLayoutError] that
// something is missing. A [*LayoutError] says that a given layout does not fit the database.
//
// Open works on a database in use and leaves it unchanged.
func Open(ctx context.Context, path string, layout Layout) (*Database, error) {
	return nil, errors.New("not yet")
}

// Close frees the database. It returns an error if the database could be read without locks only,
// and somebody wrote to it meanwhile: then what was read is useless.
func (d *Database) Close() error { return d.conn.Close() }

// Layout returns the layout that was given or found.
func (d *Database) Layout() Layout { return d.layout }

// Roles returns the stored roles, in the order of their insertion. Two rows may have one name.
func (d *Database) Roles() []StoredRole { return slices.Clone(d.roles) }

// Permissions returns the stored permissions, in the order of their insertion. Two rows may be the
// same permission.
func (d *Database) Permissions() []StoredPermission { return slices.Clone(d.permissions) }

// Policy returns the policy that says what the database has.
func (d *Database) Policy() Policy { panic("not yet") }
