package rbac

import (
	"context"
	"fmt"
	"reflect"
	"slices"

	"github.com/seedkit/seedkit/internal/schema"
	"github.com/seedkit/seedkit/internal/sqlite"
)

// A Database is what a database said about roles and permissions when it was opened: one snapshot,
// whatever the app writes meanwhile. It belongs to one goroutine at a time.
type Database struct {
	conn   *sqlite.Conn
	layout Layout
	found  bool // the shape of the tables tells the layout

	roles       []StoredRole
	permissions []StoredPermission
	faults      []Change         // duplicates and nameless rows
	roleAt      map[string]int   // the places of the roles by id
	permitAt    map[string]int   // the places of the permissions by id
	namedAt     map[string][]int // the places of the roles by name, if users have names of roles
}

// A StoredRole is a row of the table of roles, or, in a database without such a table, a name in
// the column of the users.
type StoredRole struct {
	ID          string       `json:"id"` // as text: a blob is x'00ff'; the name without a table
	Name        string       `json:"name"`
	Description string       `json:"description,omitempty"`
	Permissions []Permission `json:"permissions"` // in the order of Database.Permissions, each once
	Members     int64        `json:"members"`     // the users who have the role

	nameless bool  // the stored name is not text
	rowless  bool  // users have the name, and the table of roles does not
	granted  []int // the places of the permissions in Database.Permissions
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
	c, err := sqlite.OpenSource(ctx, path)
	if err != nil {
		return nil, err
	}
	d := &Database{conn: c, layout: layout}
	if err := d.read(); err != nil {
		c.Close()
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return d, nil
}

func (d *Database) read() error {
	s, err := schema.Read(d.conn)
	if err != nil {
		return err
	}
	d.layout = d.layout.spelled(s)
	found, err := findLayout(d.conn, s)
	switch {
	case !d.layout.zero():
		d.found = err == nil && reflect.DeepEqual(found, d.layout)
	case err != nil:
		return err
	default:
		d.layout, d.found = found, true
	}
	if err := d.layout.check(s); err != nil {
		return err
	}
	for _, read := range []func(*schema.Schema) error{
		d.readRoles, d.readPermissions, d.readGrants, d.readMembers, d.readHeldNames,
	} {
		if err := read(s); err != nil {
			return err
		}
	}
	return nil
}

// Close frees the database. It returns an error if the database could be read without locks only,
// and somebody wrote to it meanwhile: then what was read is useless.
func (d *Database) Close() error { return d.conn.Close() }

// Layout returns the layout that was given or found, with the names as the database spells them.
func (d *Database) Layout() Layout { return d.layout }

// Roles returns the stored roles, in the order of their insertion. Two rows may have one name.
// Names that a user has, and no row has, follow in alphabetical order.
func (d *Database) Roles() []StoredRole { return slices.Clone(d.roles) }

// Permissions returns the stored permissions, in the order of their insertion. Two rows may be the
// same permission.
func (d *Database) Permissions() []StoredPermission { return slices.Clone(d.permissions) }
