package command

import (
	"context"
	"fmt"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/seedkit/seedkit/rbac"
)

type rbacUsersOptions struct{ policy, db, with string }

func newRBACUsers(t *terminal) *verb {
	var opts rbacUsersOptions
	return &verb{
		name:     "rbac users",
		purpose:  "Print the users who pass a check",
		required: []string{"db", "with"},
		examples: []string{"seedkit rbac users --db production.db --with delete:note:any"},
		flags: []cli.Flag{
			databaseFlag(&opts.db, "db", "ask the database `DB`"),
			stringFlag(&opts.with, "with", "the check `CHECK`"),
			policyFileFlag(&opts.policy),
		},
		run: func(ctx context.Context, _ []string) error { return runRBACUsers(ctx, t, opts) },
	}
}

// A usersReport lists the first users who pass a check.
type usersReport struct {
	Total int64         `json:"total"`
	Users []rbac.Holder `json:"users"`
}

func runRBACUsers(ctx context.Context, t *terminal, opts rbacUsersOptions) error {
	const mostReported = 1000
	p, err := t.ownPolicy(ctx, opts.policy)
	if err != nil {
		return err
	}
	var report usersReport
	err = withAnswers(ctx, opts.db, p, func(d *rbac.Database) error {
		for holder, err := range d.UsersWith(p.Policy, rbac.Check(opts.with)) {
			if err != nil {
				return err
			}
			report.Total++
			switch {
			case t.json == nil:
				if _, err := fmt.Fprintln(t.out, printable(holderText(holder))); err != nil {
					return err
				}
			case report.Total <= mostReported:
				report.Users = append(report.Users, holder)
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	t.json.give(report, nil)
	t.sayf("%s of %s can pass %s", count(report.Total, "user"), opts.db, opts.with)
	return nil
}

func holderText(h rbac.Holder) string {
	var reasons []string
	for _, r := range h.Reasons {
		reasons = append(reasons, reasonText(r))
	}
	return h.User.Name + ": " + strings.Join(reasons, ", ")
}
