package main

import (
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
func (t *terminal) policy(ctx context.Context, path string) (p namedPolicy, err error) {
	if path == "" {
		if _, err := os.Stat(policyFile); errors.Is(err, fs.ErrNotExist) {
			t.sayf("policy: the Epic Stack's, which is built in")
			return namedPolicy{Policy: rbac.EpicStack(), name: "the Epic Stack's policy"}, nil
		}
		t.json.find("policy", policyFile)
		t.sayf("policy: %s", policyFile)
		path = policyFile
	}
	r, err := t.open(ctx, path)
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

// permissionOf returns the columns of a permission that are not empty as one text.
func permissionOf(row rbac.MatrixRow) string { return row.Permission().String() }
