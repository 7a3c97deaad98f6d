package command

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/seedkit/seedkit/rbac"
)

// errNotAllowed is the answer no.
var errNotAllowed = errors.New("does not pass the check")

type rbacCheckOptions struct{ policy, db, user string }

func newRBACCheck(t *terminal) *verb {
	var opts rbacCheckOptions
	return &verb{
		name:     "rbac check",
		purpose:  "Say whether a user passes a check, and by which role and grant",
		args:     "CHECK",
		required: []string{"db", "user"},
		examples: []string{
			"seedkit rbac check --db production.db --user kody delete:note:any",
			"seedkit rbac check --db production.db --user kody@kcd.dev delete:note:own,any",
		},
		exits: []int{exitDiffers},
		flags: []cli.Flag{
			databaseFlag(&opts.db, "db", "ask the database `DB`"),
			stringFlag(&opts.user, "user", "the user whose email, username or id is `NAME`"),
			policyFileFlag(&opts.policy),
		},
		run: func(ctx context.Context, args []string) error {
			return runRBACCheck(ctx, t, opts, rbac.Check(args[0]))
		},
	}
}

// policyFileFlag takes a policy that matters only where the database does not say all.
func policyFileFlag(dst *string) cli.Flag {
	return stringFlag(dst, "policy",
		"take from `FILE` where the tables are, and what roles may do if the database does not "+
			"say it (default: "+policyFile+" if it is here)")
}

// A allowedReport is the answer to a check.
type allowedReport struct {
	Allowed bool          `json:"allowed"`
	Reasons []rbac.Reason `json:"reasons"`
	User    rbac.User     `json:"user"`
}

func runRBACCheck(ctx context.Context, t *terminal, opts rbacCheckOptions, c rbac.Check) error {
	p, err := t.ownPolicy(ctx, opts.policy)
	if err != nil {
		return err
	}
	var report allowedReport
	err = withAnswers(ctx, opts.db, p, func(d *rbac.Database) (err error) {
		if report.User, err = d.User(opts.user); err != nil {
			return err
		}
		report.Reasons, err = d.Reasons(p.Policy, report.User, c)
		report.Allowed = err == nil && len(report.Reasons) > 0
		return err
	})
	if err != nil {
		return err
	}
	t.json.give(report, nil)
	return t.reportCheck(report, c)
}

// reportCheck prints yes with a line for each reason, or no.
func (t *terminal) reportCheck(report allowedReport, c rbac.Check) error {
	var lines []string
	for _, r := range report.Reasons {
		lines = append(lines, "yes: "+reasonText(r))
	}
	if !report.Allowed {
		lines = []string{"no: " + heldText(report.User)}
	}
	if t.json == nil {
		for _, line := range lines {
			if _, err := fmt.Fprintln(t.out, printable(line)); err != nil {
				return err
			}
		}
	}
	if !report.Allowed {
		return fmt.Errorf("%s %w %s", report.User.Name, errNotAllowed, c)
	}
	return nil
}

func reasonText(r rbac.Reason) string {
	switch {
	case r.Superuser:
		return "a superuser passes every check"
	case r.Direct:
		return r.Permission.String() + " without a role"
	case r.Permission == rbac.Permission{}:
		return "role " + roleText(r.Role)
	}
	return fmt.Sprintf("role %s has %s", roleText(r.Role), r.Permission)
}

// heldText says what a user has.
func heldText(u rbac.User) string {
	text := "no role"
	if n := len(u.Roles); n > 0 {
		names := make([]string, n)
		for i, name := range u.Roles {
			names[i] = roleText(name)
		}
		text = fmt.Sprintf("%s %s", strings.TrimPrefix(count(int64(n), "role"), fmt.Sprint(n, " ")),
			listed("and", names))
	}
	if n := len(u.Direct); n > 0 {
		text += fmt.Sprintf(", and %s without a role", count(int64(n), "permission"))
	}
	return text
}
