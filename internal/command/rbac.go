package command

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/seedkit/seedkit/rbac"
)

// newRBAC is the verb about roles and permissions. Each verb within it has a file of its own.
func newRBAC(t *terminal) *verb {
	return &verb{
		name:     "rbac",
		group:    groupProduction,
		purpose:  "Keep roles and permissions as code, and bring a database to them",
		args:     "VERB",
		examples: []string{"seedkit rbac show"},
		verbs: []*verb{
			newRBACShow(t),
			newRBACCheck(t),
			newRBACUsers(t),
			newRBACDiff(t),
			newRBACInit(t),
			newRBACSQL(t),
			newRBACApply(t),
			newRBACLint(t),
			newRBACTypes(t),
		},
	}
}

// policyFile is where an app keeps its policy.
const policyFile = "rbac.yaml"

// policyFlag takes the policy's file.
func policyFlag(dst *string) cli.Flag {
	return stringFlag(dst, "policy", "take the policy from `FILE` (default: "+policyFile+
		" if it is here, else the Epic Stack's, which is built in)")
}

// A namedPolicy is a policy with what it is called in messages, and the text of its file, "" for
// the built-in one.
type namedPolicy struct {
	rbac.Policy
	name, text string
}

// policy reads the policy at path. Without a path it takes the one that the app's folder has, or
// else the built-in one, and says so.
func (t *terminal) policy(ctx context.Context, path string) (namedPolicy, error) {
	p, err := t.ownPolicy(ctx, path)
	if err == nil && p.name == "" {
		t.sayf("policy: the Epic Stack's, which is built in")
		return namedPolicy{Policy: rbac.EpicStack(), name: "the Epic Stack's policy"}, nil
	}
	return p, err
}

// ownPolicy is policy without the built-in one. A policy without a name is none.
func (t *terminal) ownPolicy(ctx context.Context, path string) (p namedPolicy, err error) {
	if path == "" {
		if _, err := os.Stat(policyFile); errors.Is(err, fs.ErrNotExist) {
			return namedPolicy{}, nil
		}
		t.json.find("policy", policyFile)
		t.sayf("policy: %s", policyFile)
		path = policyFile
	}
	r, err := t.open(ctx, path)
	if errors.Is(err, fs.ErrNotExist) {
		err = fmt.Errorf("read the policy: %s: %w", path, fs.ErrNotExist)
	}
	if err != nil {
		return namedPolicy{}, err
	}
	defer r.Close()
	text, err := io.ReadAll(r)
	if err != nil {
		return namedPolicy{}, fmt.Errorf("read the policy %s: %w", path, err)
	}
	p = namedPolicy{name: path, text: string(text)}
	if path == "-" {
		p.name = "standard input"
	}
	p.Policy, err = rbac.Parse(p.name, strings.NewReader(p.text))
	return p, err
}

// roleText returns the name of a role for people, who cannot see the empty name.
func roleText(name string) string { return cmp.Or(name, `""`) }

// withRoles calls use with the roles of a database, which are read from one snapshot.
func withRoles(
	ctx context.Context, db string, p namedPolicy, use func(*rbac.Database) error,
) error {
	d, err := rbac.Open(ctx, db, p.Layout)
	if err != nil {
		return err
	}
	err = use(d)
	return errors.Join(err, d.Close())
}

// withAnswers calls use with the roles of a database that can answer checks: it says what a role
// may do, or else the policy does.
func withAnswers(
	ctx context.Context, db string, p namedPolicy, use func(*rbac.Database) error,
) error {
	return withRoles(ctx, db, p, func(d *rbac.Database) error {
		if d.Layout().Permissions.Table == "" && p.name == "" {
			return usagef(
				"%s has roles and no permissions, so a policy must say what a role may do", db,
			).hintf("--policy names its file")
		}
		return use(d)
	})
}
