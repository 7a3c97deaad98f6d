package command

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/seedkit/seedkit/rbac"
)

// errPolicyThere means that there is a policy already.
var errPolicyThere = errors.New("is there already, and a policy is never overwritten")

type rbacInitOptions struct{ policy, db, out string }

func newRBACInit(t *terminal) *verb {
	opts := rbacInitOptions{out: policyFile}
	return &verb{
		name:     "rbac init",
		purpose:  "Write the policy file of the roles that a database has",
		required: []string{"db"},
		examples: []string{
			"seedkit rbac init --db production.db",
			"seedkit rbac init --db production.db -o -",
		},
		exits: []int{exitRefused, exitUnverified},
		flags: []cli.Flag{
			databaseFlag(&opts.db, "db", "read the database `DB`"),
			stringFlag(&opts.out, "out",
				"write to `FILE`, which must not exist, or - for standard output", "o"),
			stringFlag(&opts.policy, "policy",
				"take from the key layout of `FILE` where the tables are"),
		},
		run: func(ctx context.Context, _ []string) error { return runRBACInit(ctx, t, opts) },
	}
}

// An initReport says which policy was written, and what no policy can say.
type initReport struct {
	Path   string        `json:"path"`
	Roles  int64         `json:"roles"`
	Unsaid []rbac.Change `json:"unsaid"`
}

func runRBACInit(ctx context.Context, t *terminal, opts rbacInitOptions) error {
	if _, err := os.Lstat(opts.out); err == nil {
		return fmt.Errorf("%s %w", opts.out, errPolicyThere)
	}
	var layout namedPolicy
	if opts.policy != "" {
		var err error
		if layout, err = t.ownPolicy(ctx, opts.policy); err != nil {
			return err
		}
	}
	var p rbac.Policy
	var diff rbac.Diff
	err := withRoles(ctx, opts.db, layout, func(d *rbac.Database) (err error) {
		p = d.Policy()
		diff, err = rbac.Compare(p, d)
		return err
	})
	if err != nil {
		return err
	}
	if err := t.writePolicy(p, opts.out); err != nil {
		return err
	}
	t.json.give(initReport{opts.out, int64(len(p.Roles)), diff.Changes}, nil)
	for _, c := range diff.Changes {
		t.warnf("no policy can say this: %s", changeText(c))
	}
	if opts.out != "-" {
		t.sayf("wrote %s: %s", opts.out, count(int64(len(p.Roles)), "role"))
	}
	return nil
}

func (t *terminal) writePolicy(p rbac.Policy, path string) error {
	var text strings.Builder
	if err := p.Write(&text); err != nil {
		return err
	}
	w, err := t.create(path)
	if err != nil {
		return err
	}
	defer w.Close()
	if _, err := w.Write([]byte(text.String())); err != nil {
		return fmt.Errorf("write the policy: %w", err)
	}
	return w.Commit()
}
