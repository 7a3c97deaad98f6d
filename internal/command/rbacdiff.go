package command

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/seedkit/seedkit/rbac"
)

// errRolesDiffer is what rbac diff ends with where it has found something.
var errRolesDiffer = errors.New("differs from")

type rbacDiffOptions struct{ policy, db string }

func newRBACDiff(t *terminal) *verb {
	var opts rbacDiffOptions
	return &verb{
		name:     "rbac diff",
		purpose:  "Compare the roles of a database with the policy",
		required: []string{"db"},
		examples: []string{
			"seedkit rbac diff --db production.db",
			"seedkit rbac diff --db production.db --policy rbac.yaml --json",
		},
		exits: []int{exitDiffers},
		flags: []cli.Flag{
			databaseFlag(&opts.db, "db", "compare the database `DB`"),
			policyFlag(&opts.policy),
		},
		run: func(ctx context.Context, _ []string) error { return runRBACDiff(ctx, t, opts) },
	}
}

func runRBACDiff(ctx context.Context, t *terminal, opts rbacDiffOptions) error {
	p, err := t.policy(ctx, opts.policy)
	if err != nil {
		return err
	}
	diff, err := compareRoles(ctx, opts.db, p)
	if err != nil {
		return err
	}
	t.json.give(diff, nil)
	return t.reportRolesDiff(diff, opts.db, p.name)
}

func compareRoles(ctx context.Context, db string, p namedPolicy) (diff rbac.Diff, err error) {
	err = withRoles(ctx, db, p, func(d *rbac.Database) (err error) {
		diff, err = rbac.Compare(p.Policy, d)
		return err
	})
	return diff, err
}

// reportRolesDiff prints the differences, a line each.
func (t *terminal) reportRolesDiff(diff rbac.Diff, db, policy string) error {
	if t.json == nil {
		for _, c := range diff.Changes {
			if _, err := fmt.Fprintln(t.out, printable(changeText(c))); err != nil {
				return err
			}
		}
	}
	t.sayOthers(diff)
	if n := int64(len(diff.Changes)); n > 0 {
		return fmt.Errorf("%s %w %s: %s", db, errRolesDiffer, policy, count(n, "difference"))
	}
	t.sayf("the roles of %s are those of %s", db, policy)
	return nil
}

// sayOthers names what is no difference, and matters to who may do what.
func (t *terminal) sayOthers(diff rbac.Diff) {
	var others []string
	for _, r := range diff.Others {
		others = append(others, roleText(r.Name))
	}
	if len(others) > 0 {
		t.sayf("left alone: %s, which nobody has", listed("and", others))
	}
	if diff.Superusers > 0 {
		t.sayf("superusers, who pass every check: %d", diff.Superusers)
	}
}

// changeText says what differs, the kind first.
func changeText(c rbac.Change) string { return string(c.Kind) + ": " + whatDiffers(c) }

func whatDiffers(c rbac.Change) string {
	role, stored := roleText(c.Role), roleText(c.Stored)
	switch c.Kind {
	case rbac.ExtraGrant:
		return fmt.Sprintf("%s has %s (%s)", role, c.Permission, countUsers(c.Members))
	case rbac.DirectGrant:
		names := strings.Join(c.Users, ", ")
		if more := c.Members - int64(len(c.Users)); more > 0 {
			names += fmt.Sprintf(" and %d more", more)
		}
		return fmt.Sprintf("%s without a role: %s", c.Permission, names)
	case rbac.DuplicateRole:
		return fmt.Sprintf("%s is in %s with the ids %s", role, c.Table, listed("and", c.IDs))
	case rbac.DuplicatePermission:
		return fmt.Sprintf("%s is in %s with the ids %s", c.Permission, c.Table,
			listed("and", c.IDs))
	case rbac.DuplicateGrant:
		return fmt.Sprintf("%s has %s more than once in %s", role, c.Permission, c.Table)
	case rbac.Nameless:
		return fmt.Sprintf("%s has names that are no text, with the id %s", c.Table,
			listed("and", c.IDs))
	case rbac.RenamedRole:
		return fmt.Sprintf("%s is now called %s (%s)", stored, role, countUsers(c.Members))
	case rbac.RenameConflict:
		return fmt.Sprintf("%s cannot become %s: another role has that name, or had it before (%s)",
			stored, role, countUsers(c.Members))
	case rbac.MissingRole:
		return role
	case rbac.MissingPermission:
		return c.Permission.String()
	case rbac.MissingGrant:
		return fmt.Sprintf("%s lacks %s", role, c.Permission)
	case rbac.UnknownRole:
		return fmt.Sprintf("%s (%s)", role, countUsers(c.Members))
	}
	return role
}

func countUsers(n int64) string { return count(n, "user") }
