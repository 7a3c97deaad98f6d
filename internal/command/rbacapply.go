package command

import (
	"context"
	"crypto/sha256"
	"fmt"
	"time"

	"github.com/urfave/cli/v2"

	"github.com/seedkit/seedkit/apply"
	"github.com/seedkit/seedkit/rbac"
)

type rbacApplyOptions struct {
	policy, to    string
	revoke        bool
	dryRun        bool
	backupDir     string
	allowTriggers bool
	yes           bool
}

func newRBACApply(t *terminal) *verb {
	var opts rbacApplyOptions
	return &verb{
		name:     "rbac apply",
		purpose:  "Bring the roles of a live database to the policy",
		required: []string{"to"},
		examples: []string{
			"seedkit rbac apply --to production.db --dry-run",
			"seedkit rbac apply --to production.db --revoke",
		},
		exits: []int{exitDiffers, exitRefused, exitUnverified},
		flags: []cli.Flag{
			databaseFlag(&opts.to, "to", "change the database `DB`"),
			policyFlag(&opts.policy),
			revokeFlag(&opts.revoke),
			boolFlag(&opts.dryRun, "dry-run", "show the plan and write nothing"),
			stringFlag(&opts.backupDir, "backup-dir",
				"keep the backup in `DIR`, made if need be, not beside DB"),
			boolFlag(&opts.allowTriggers, "allow-triggers",
				"let the changes fire the triggers of DB"),
			boolFlag(&opts.yes, "yes", "do not ask", "y"),
		},
		run: func(ctx context.Context, _ []string) error { return runRBACApply(ctx, t, opts) },
	}
}

func revokeFlag(dst *bool) cli.Flag {
	return boolFlag(dst, "revoke",
		"also take grants that the policy does not have from the roles that it names")
}

func runRBACApply(ctx context.Context, t *terminal, opts rbacApplyOptions) error {
	p, err := t.policy(ctx, opts.policy)
	if err != nil {
		return err
	}
	if err := t.sayWanted(ctx, p, opts); err != nil {
		return err
	}
	bar := &stageBars{term: t}
	defer bar.close()
	dialog := &applyDialog{
		t: t, bar: bar, target: opts.to, backupDir: opts.backupDir, yes: opts.yes,
	}
	dialog.leftovers(opts.dryRun)
	to := rbac.ApplyOptions{Revoke: opts.revoke, Options: apply.Options{
		AllowTriggers: opts.allowTriggers,
		Now:           time.Now(),
		Origin:        p.origin(),
	}}
	dialog.join(ctx, &to.Options, func(plan apply.Plan) string {
		return fmt.Sprintf("Change %s of %s?", countRows(plan.Changes()), opts.to)
	})
	if opts.dryRun {
		plan, err := rbac.Preview(ctx, p.Policy, opts.to, to)
		bar.close()
		t.json.give(apply.Result{Plan: plan}, err)
		return t.reportRBACPreview(ctx, plan, p, opts, err)
	}
	result, err := rbac.Apply(ctx, p.Policy, opts.to, to)
	if err = dialog.end(result, err); err == nil && dialog.shown {
		t.sayf("changed %s of %s, and read them back",
			countRows(result.Inserted+result.Updated+result.Deleted), opts.to)
		t.sayReplicated(result.LiteFSPosition, opts.to)
	}
	return t.endRBACApply(ctx, result.Plan, p, opts, err)
}

// origin is what the journal records of a run that brings a database to the policy.
func (p namedPolicy) origin() apply.Origin {
	from := apply.Origin{Verb: "rbac apply", Source: p.name}
	if p.text != "" {
		from.SHA256 = fmt.Sprintf("%x", sha256.Sum256([]byte(p.text)))
	}
	return from
}

func (t *terminal) reportRBACPreview(
	ctx context.Context, plan apply.Plan, p namedPolicy, opts rbacApplyOptions, err error,
) error {
	if showErr := t.showPlan(plan, err); showErr != nil {
		return showErr
	}
	if err == nil && plan.Changes() > 0 {
		t.sayf("would change %s of %s; nothing was written", countRows(plan.Changes()), opts.to)
		return nil
	}
	return t.endRBACApply(ctx, plan, p, opts, t.afterPlan(plan, err))
}

// endRBACApply says that nothing was to be done, and what the policy does not change.
func (t *terminal) endRBACApply(
	ctx context.Context, plan apply.Plan, p namedPolicy, opts rbacApplyOptions, err error,
) error {
	if err != nil {
		return err
	}
	if plan.Changes() == 0 {
		t.sayf("nothing to change: %s has what %s gives", opts.to, p.name)
	}
	if err := t.sayRest(ctx, p, opts); err != nil { // the change is made nevertheless
		t.warnf("what is left is not known: %v", err)
	}
	return nil
}

// sayWanted prints the changes that apply would make, by the names of the roles. The plan has ids.
func (t *terminal) sayWanted(ctx context.Context, p namedPolicy, opts rbacApplyOptions) error {
	if t.quiet {
		return nil
	}
	diff, err := compareRoles(ctx, opts.to, p)
	if err != nil {
		return err
	}
	for _, c := range diff.Changes {
		if text := actionText(c, opts.revoke); text != "" {
			t.sayf("%s", text)
		}
	}
	return nil
}

// actionText says what is done about a difference, "" if nothing is.
func actionText(c rbac.Change, revoke bool) string {
	role, stored := roleText(c.Role), roleText(c.Stored)
	switch c.Kind {
	case rbac.RenamedRole:
		return fmt.Sprintf("rename: %s becomes %s (%s)", stored, role, countUsers(c.Members))
	case rbac.MissingRole:
		return "new role: " + role
	case rbac.MissingPermission:
		return "new permission: " + c.Permission.String()
	case rbac.MissingGrant:
		return fmt.Sprintf("grant: %s gets %s", role, c.Permission)
	case rbac.ExtraGrant:
		if revoke {
			return fmt.Sprintf("revoke: %s loses %s (%s)", role, c.Permission,
				countUsers(c.Members))
		}
	}
	return ""
}

// sayRest names the differences that are left.
func (t *terminal) sayRest(ctx context.Context, p namedPolicy, opts rbacApplyOptions) error {
	if t.quiet {
		return nil
	}
	diff, err := compareRoles(ctx, opts.to, p)
	if err != nil {
		return err
	}
	extra := false
	for _, c := range diff.Changes {
		t.sayf("left as it is: %s", changeText(c))
		extra = extra || c.Kind == rbac.ExtraGrant
	}
	if extra && !opts.revoke {
		t.sayf("--revoke takes extra grants away")
	}
	return nil
}
