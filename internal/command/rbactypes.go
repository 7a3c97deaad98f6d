package command

import (
	"context"
	"fmt"

	"github.com/urfave/cli/v2"
)

type rbacTypesOptions struct{ policy, out string }

func newRBACTypes(t *terminal) *verb {
	var opts rbacTypesOptions
	return &verb{
		name:    "rbac types",
		purpose: "Print the TypeScript types of a policy's permissions and roles",
		examples: []string{
			"seedkit rbac types",
			"seedkit rbac types -o app/utils/permissions.ts",
		},
		exits: []int{exitUnverified},
		flags: []cli.Flag{
			policyFlag(&opts.policy),
			stringFlag(&opts.out, "out", "write to `FILE` instead of standard output", "o"),
		},
		run: func(ctx context.Context, _ []string) error { return runRBACTypes(ctx, t, opts) },
	}
}

// A typesReport says where the types are.
type typesReport struct {
	Path string `json:"path"`
}

func runRBACTypes(ctx context.Context, t *terminal, opts rbacTypesOptions) error {
	p, err := t.policy(ctx, opts.policy)
	if err != nil {
		return err
	}
	w, err := t.create(opts.out, p.name)
	if err != nil {
		return err
	}
	defer w.Close()
	if err := p.Types(w); err != nil {
		return err
	}
	if err := w.Commit(); err != nil {
		return fmt.Errorf("write the types: %w", err)
	}
	t.json.give(typesReport{Path: opts.out}, nil)
	if opts.out != "" {
		t.sayf("wrote %s", opts.out)
	}
	return nil
}
