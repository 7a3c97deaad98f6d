package rbac

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/seedkit/seedkit/apply"
	"github.com/seedkit/seedkit/generate"
	"github.com/seedkit/seedkit/internal/schema"
	"github.com/seedkit/seedkit/internal/timeform"
)

// ApplyOptions are the options of [Apply] and [Preview].
type ApplyOptions struct {
	// Revoke also takes away the grants of the policy's roles that are not in the policy.
	Revoke bool
	// Options are those of [apply.Run]. Apply sets Script, Tables, Exclude, OnConflict,
	// OnConflictIn, Edits and Check.
	apply.Options
}

// Apply brings the target database to the policy: it renames roles that have a former name, inserts
// the roles, the permissions and the grants that lack, and, with Revoke, takes grants away. A role
// that the policy does not name stays as it is, and no role is deleted. [apply.Run] makes the
// change: with its plan, its question, its verified backup, its one transaction, its checks before
// the commit, and its reading back.
//
// In a database without a table of roles, with their names in a column of the users, Apply only
// renames.
//
// A change after which no user passes all of [Policy.KeepChecks] is refused with a [*KeepError]. If
// p.Keep is empty, that holds only if some user passes them before. A database without users, or
// whose layout names no users, passes. [ErrTwice] reports a role with two rows.
func Apply(ctx context.Context, p Policy, target string, opts ApplyOptions) (apply.Result, error) {
	var result apply.Result
	err := withChange(ctx, p, target, opts, func(source string, to apply.Options) (err error) {
		result, err = apply.Run(ctx, source, target, to)
		return err
	})
	return result, err
}

// Preview says what [Apply] would do, and writes nothing. Its errors are those that Apply would
// return before it asks.
func Preview(ctx context.Context, p Policy, target string, opts ApplyOptions) (apply.Plan, error) {
	var plan apply.Plan
	err := withChange(ctx, p, target, opts, func(source string, to apply.Options) (err error) {
		plan, err = apply.Preview(ctx, source, target, to)
		return err
	})
	return plan, err
}

// ErrTwice reports a role of the policy that has two rows in the database, so that nobody can tell
// which is meant.
var ErrTwice = errors.New("the database has the role twice")

// withChange gives do the seed and the options of apply that make the change. The target is closed
// then.
func withChange(
	ctx context.Context, p Policy, target string, opts ApplyOptions,
	do func(source string, to apply.Options) error,
) error {
	dir, err := os.MkdirTemp("", "seedkit-rbac-*")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	d, err := Open(ctx, target, p.Layout)
	if err != nil {
		return err
	}
	defer d.Close()
	c := &change{
		policy: p, database: d, target: target, revoke: opts.Revoke,
		seed: filepath.Join(dir, "seed.db"),
	}
	defer c.close()
	if err := c.prepare(ctx, opts); err != nil {
		return err
	}
	to := opts.Options
	to.Script, to.Tables, to.Exclude = nil, nil, nil
	to.OnConflict, to.OnConflictIn = apply.Abort, nil
	to.Edits = c.all()
	if to.Check, err = p.keepCheck(d); err != nil {
		return err
	}
	if err := d.Close(); err != nil { // a reader could hold the writer up
		return err
	}
	return do(c.seed, to)
}

// A change is what brings one database to a policy.
type change struct {
	policy   Policy
	database *Database
	target   string
	revoke   bool
	seed     string // the path of the database with the rows to insert

	renamed map[string]string // from the stored name of a role to its new name
	edits   []apply.Edit
	texts   *renamedTexts // nil if there are none
}

// prepare finds the changes that the policy needs, and makes the seed.
func (c *change) prepare(ctx context.Context, opts ApplyOptions) error {
	diff, err := Compare(c.policy, c.database)
	if err != nil {
		return err
	}
	add, err := c.read(diff)
	if err != nil {
		return err
	}
	r, err := newRows(c.database, c.renamed)
	if err != nil {
		return err
	}
	if c.database.layout.Users.Roles != "" {
		if c.texts, err = c.renameTexts(ctx); err != nil {
			return err
		}
	}
	fallback, err := c.timesOf(r.schema)
	if err != nil {
		return err
	}
	for _, g := range add.grants {
		is := func(r Role) bool { return r.Name == g.role }
		if _, there := r.roles[g.role]; !there && !slices.ContainsFunc(add.roles, is) {
			return fmt.Errorf("role %q: %w, by former names", g.role, ErrTwice)
		}
	}
	return r.write(ctx, c.seed, add, opts.Now, fallback)
}

// read sorts the differences into what is added and what is edited.
func (c *change) read(diff Diff) (add addition, err error) {
	c.renamed = map[string]string{}
	l := c.database.layout
	for _, d := range diff.Changes {
		switch d.Kind {
		case DuplicateRole:
			if slices.Contains(c.policy.names(), d.Role) {
				return add, fmt.Errorf("role %q: %w", d.Role, ErrTwice)
			}
		case RenamedRole:
			c.renamed[d.Stored] = d.Role
			if l.Roles.Table != "" {
				c.edits = append(c.edits, apply.Edit{
					Table: l.Roles.Table, Set: map[string]any{l.Roles.Name: d.Role},
					Where: with(generate.Row{l.Roles.Name: d.Stored}, l.Roles.Where),
				})
			}
		case MissingRole:
			add.roles = append(add.roles, c.role(d.Role))
		case MissingPermission:
			add.permissions = append(add.permissions, d.Permission)
		case MissingGrant:
			add.grants = append(add.grants, grant{d.Role, d.Permission})
		}
	}
	if !c.revoke || l.Grants.Table == "" {
		return add, nil
	}
	s, err := schema.Read(c.database.conn)
	if err != nil {
		return add, err
	}
	for _, role := range c.policy.names() {
		if err := c.take(s, role); err != nil {
			return add, err
		}
	}
	return add, nil
}

func (c *change) role(name string) Role {
	i := slices.IndexFunc(c.policy.Roles, func(r Role) bool { return r.Name == name })
	return c.policy.Roles[i]
}

// take adds an edit for each row by which a role has a permission that the policy does not give it.
// The name of such a permission need not be text.
func (c *change) take(s *schema.Schema, role string) error {
	permissions, err := c.policy.Permissions(role)
	if err != nil {
		return err
	}
	stored := role
	for former, name := range c.renamed {
		if name == role {
			stored = former
		}
	}
	l := c.database.layout
	t := s.Table(l.Grants.Table)
	columns := slices.Clone(t.Key())
	if len(columns) == 0 {
		columns = t.Stored()
	}
	for _, name := range []string{l.Grants.Role, l.Grants.Permission} {
		if !slices.Contains(columns, name) {
			columns = append(columns, name)
		}
	}
	r, g := l.roles(), l.grants()
	names := make([]string, len(columns))
	for i, name := range columns {
		names[i] = g.column(name)
	}
	parts := l.permissionParts()
	for i := range parts {
		parts[i] += exactly
	}
	q := &query{}
	q.add("SELECT ", strings.Join(names, ", "), " FROM ", g.String(), " JOIN ", r.String(), " ON ",
		r.column(l.Roles.ID), " = ", g.column(l.Grants.Role), " WHERE ",
		r.column(l.Roles.Name), exactly, " = ", sqlText(stored),
		l.surplus(g.column(l.Grants.Permission), parts, permissions))
	q.where(g, l.Grants.Where)
	q.where(r, l.Roles.Where)
	for row, err := range q.rows(c.database.conn) {
		if err != nil {
			return fmt.Errorf("read the grants of role %q: %w", stored, err)
		}
		where := map[string]any{}
		for i, v := range row.Values() {
			where[columns[i]] = v
		}
		c.edits = append(c.edits, apply.Edit{Table: l.Grants.Table, Where: where})
	}
	return nil
}

// all yields the edits.
func (c *change) all() iter.Seq2[apply.Edit, error] {
	if len(c.edits) == 0 && c.texts == nil {
		return nil
	}
	return func(yield func(apply.Edit, error) bool) {
		for _, e := range c.edits {
			if !yield(e, nil) {
				return
			}
		}
		if c.texts != nil {
			c.texts.yield(yield)
		}
	}
}

func (c *change) close() {
	if c.texts != nil {
		c.texts.close()
	}
}

// timesOf returns the form of times for a table of roles that has none yet.
func (c *change) timesOf(s *schema.Schema) (generate.Datetime, error) {
	if s.Table("_prisma_migrations") == nil {
		return generate.Auto, nil
	}
	form, err := timeform.OfPrisma(c.database.conn, s, c.target, filepath.Dir(c.target))
	if err == nil && form == timeform.UnixMilli {
		return generate.UnixMilli, nil
	}
	return generate.ISO, err
}
