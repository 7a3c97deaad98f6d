package command

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/seedkit/seedkit/internal/nearest"
	"github.com/seedkit/seedkit/rbac"
)

// errFindings is what rbac lint ends with where it has found something.
var errFindings = errors.New("the app and its policy do not fit")

type rbacLintOptions struct {
	policy        string
	checks, roles []string
	ignore        []string
}

func newRBACLint(t *terminal) *verb {
	var opts rbacLintOptions
	return &verb{
		name:    "rbac lint",
		purpose: "Compare the checks in an app's code with the policy",
		args:    "DIR",
		examples: []string{
			"seedkit rbac lint app",
			"seedkit rbac lint app --ignore unasked --ignore any-without-own",
			"seedkit rbac lint src --check can:1",
		},
		exits: []int{exitDiffers},
		flags: []cli.Flag{
			policyFlag(&opts.policy),
			stringsFlag(&opts.checks, "check",
				"look at calls of the function `NAME`, which takes a permission as its last "+
					"argument, or with NAME:N as the argument number N (default: "+
					functionNames(rbac.EpicStackChecks)+")"),
			stringsFlag(&opts.roles, "role",
				"look at calls of the function `NAME`, which takes a role, likewise (default: "+
					functionNames(rbac.EpicStackRoles)+")"),
			stringsFlag(&opts.ignore, "ignore", "leave out findings of the kind `KIND`: "+
				listed("or", kindNames())),
		},
		run: func(ctx context.Context, args []string) error {
			return runRBACLint(ctx, t, opts, args[0])
		},
	}
}

func functionNames(functions []rbac.Function) string {
	var names []string
	for _, f := range functions {
		names = append(names, f.Name)
	}
	return listed("and", names)
}

func kindNames() []string {
	var names []string
	for _, kind := range rbac.FindingKinds {
		names = append(names, string(kind))
	}
	return names
}

func runRBACLint(ctx context.Context, t *terminal, opts rbacLintOptions, dir string) error {
	lint, err := opts.lintOptions()
	if err != nil {
		return err
	}
	p, err := t.policy(ctx, opts.policy)
	if err != nil {
		return err
	}
	if p.text != "" {
		lint.Places, err = rbac.RolePlaces(p.name, strings.NewReader(p.text))
		if err != nil {
			return err
		}
	}
	report, err := rbac.Lint(ctx, dir, p.Policy, lint)
	if err != nil {
		return err
	}
	t.json.give(report, nil)
	if report.Calls == 0 {
		t.warnf("%s calls none of the functions that check: %s", dir,
			functionNames(slices.Concat(lint.Checks, lint.Roles)))
	}
	return t.reportLint(report, p.name)
}

func (o rbacLintOptions) lintOptions() (rbac.LintOptions, error) {
	opts := rbac.LintOptions{Checks: rbac.EpicStackChecks, Roles: rbac.EpicStackRoles}
	for _, kind := range o.ignore {
		if !slices.Contains(rbac.FindingKinds, rbac.FindingKind(kind)) {
			err := usagef("--ignore: there is no kind of findings called %s", quoted(kind))
			if near, ok := nearest.Nearest(kind, kindNames()); ok {
				return opts, err.hintf("did you mean %s?", near)
			}
			return opts, err.hintf("the kinds are %s", listed("and", kindNames()))
		}
		opts.Ignore = append(opts.Ignore, rbac.FindingKind(kind))
	}
	for _, list := range []struct {
		flag      string
		names     []string
		functions *[]rbac.Function
	}{{"--check", o.checks, &opts.Checks}, {"--role", o.roles, &opts.Roles}} {
		if len(list.names) > 0 {
			*list.functions = nil
		}
		for _, name := range list.names {
			f, err := parseFunction(list.flag, name)
			if err != nil {
				return opts, err
			}
			*list.functions = append(*list.functions, f)
		}
	}
	return opts, nil
}

// parseFunction reads NAME or NAME:N.
func parseFunction(flag, text string) (rbac.Function, error) {
	name, number, numbered := strings.Cut(text, ":")
	f := rbac.Function{Name: name}
	if name == "" || strings.Contains(name, ".") {
		return f, usagef("%s: %s is not the name of a function", flag, quoted(name)).
			hintf("a method is named without its object: can, not auth.can")
	}
	if numbered {
		n, err := strconv.Atoi(number)
		if err != nil || n < 1 {
			return f, usagef("%s: %s is not the number of an argument", flag, quoted(number)).
				hintf("arguments are counted from 1: %s:1", name)
		}
		f.Argument = n
	}
	return f, nil
}

// reportLint prints the findings, a line each, and sums up.
func (t *terminal) reportLint(report rbac.LintReport, policy string) error {
	if t.json == nil {
		for _, f := range report.Findings {
			if _, err := fmt.Fprintln(t.out, printable(findingText(f, policy))); err != nil {
				return err
			}
		}
	}
	t.sayf("checked %s in %s of %s",
		count(report.Checked, "text"), count(report.Calls, "call"), count(report.Files, "file"))
	for i, place := range report.Unchecked {
		const most = 3
		if i == most {
			t.sayf("not checked: and %s more", count(int64(len(report.Unchecked)-most), "argument"))
			break
		}
		t.sayf("not checked: %s: the argument is not a string", placeText(place))
	}
	if n := int64(len(report.Findings)); n > 0 {
		return fmt.Errorf("%w: %s", errFindings, count(n, "finding"))
	}
	return nil
}

func placeText(p rbac.Place) string { return fmt.Sprintf("%s:%d:%d", p.File, p.Line, p.Column) }

// findingText is a finding as compilers write one. policy is where it is if its place is not known.
func findingText(f rbac.Finding, policy string) string {
	place := policy
	if f.Place != nil {
		place = placeText(*f.Place)
	}
	if len(f.Permissions) == 0 {
		return fmt.Sprintf("%s: %s: %q: %s", place, f.Kind, f.Text, f.Why)
	}
	const most = 4
	grants := f.Permissions
	if n := len(grants) - most; n > 1 {
		grants = append(slices.Clone(grants[:most]), fmt.Sprintf("%d more", n))
	}
	return fmt.Sprintf("%s: %s: role %q: %s: %s", place, f.Kind, f.Text, f.Why,
		listed("and", grants))
}
