package command

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/rivo/uniseg"
	"github.com/urfave/cli/v2"

	"github.com/seedkit/seedkit/rbac"
)

type rbacShowOptions struct {
	policy   string
	db       string
	markdown bool
}

func newRBACShow(t *terminal) *verb {
	var opts rbacShowOptions
	return &verb{
		name:    "rbac show",
		purpose: "Print which role has which permission",
		examples: []string{
			"seedkit rbac show",
			"seedkit rbac show --db production.db",
			"seedkit rbac show --policy rbac.yaml --markdown",
		},
		flags: []cli.Flag{
			databaseFlag(&opts.db, "db",
				"show what the database `DB` has, not what the policy says"),
			policyFlag(&opts.policy),
			boolFlag(&opts.markdown, "markdown", "print a table in Markdown"),
		},
		run: func(ctx context.Context, _ []string) error { return runRBACShow(ctx, t, opts) },
	}
}

// A showReport is a matrix, and where it is from.
type showReport struct {
	Roles       []showRole       `json:"roles"`
	Permissions []rbac.MatrixRow `json:"permissions"`
}

// A showRole is a column of the matrix.
type showRole struct {
	Name        string `json:"name"`
	Description string `json:"description,omitempty"`
	Members     *int64 `json:"members,omitempty"` // of a database
}

func runRBACShow(ctx context.Context, t *terminal, opts rbacShowOptions) error {
	report, err := t.matrixToShow(ctx, opts)
	if err != nil {
		return err
	}
	switch {
	case t.json != nil:
		t.json.give(report, nil)
		return nil
	case opts.markdown:
		return writeMarkdown(t.out, report)
	}
	return t.writeMatrix(report)
}

func (t *terminal) matrixToShow(
	ctx context.Context, opts rbacShowOptions,
) (report showReport, err error) {
	if opts.db == "" {
		p, err := t.policy(ctx, opts.policy)
		if err != nil {
			return showReport{}, err
		}
		return showPolicy(p.Policy)
	}
	p, err := t.ownPolicy(ctx, opts.policy)
	if err != nil {
		return showReport{}, err
	}
	err = withRoles(ctx, opts.db, p, func(d *rbac.Database) error {
		report = showDatabase(d)
		return nil
	})
	var members []string
	for _, r := range report.Roles {
		members = append(members, fmt.Sprintf("%s %d", roleText(r.Name), *r.Members))
	}
	if len(members) > 0 {
		t.sayf("users: %s", strings.Join(members, ", "))
	}
	return report, err
}

func showPolicy(p rbac.Policy) (showReport, error) {
	matrix, err := p.Matrix()
	if err != nil {
		return showReport{}, err
	}
	report := showReport{Permissions: matrix.Permissions}
	for _, r := range p.Roles {
		report.Roles = append(report.Roles, showRole{Name: r.Name, Description: r.Description})
	}
	return report, nil
}

// showDatabase has a role for each row, and those of its permissions that a role has.
func showDatabase(d *rbac.Database) (report showReport) {
	having := map[rbac.Permission][]string{}
	roles := d.Roles()
	names := tellingNames(roles)
	for i, r := range roles {
		report.Roles = append(report.Roles, showRole{names[i], r.Description, &r.Members})
		for _, p := range r.Permissions {
			having[p] = append(having[p], names[i])
		}
	}
	for _, stored := range d.Permissions() {
		p := stored.Permission
		if len(having[p]) > 0 {
			report.Permissions = append(report.Permissions, rbac.MatrixRow{
				Action: p.Action, Entity: p.Entity, Access: p.Access, Roles: having[p],
			})
			delete(having, p)
		}
	}
	return report
}

// tellingNames returns a name for each role that no other has: its own, with its id if it has the
// name of another.
func tellingNames(roles []rbac.StoredRole) []string {
	rows := map[string]int{}
	for _, r := range roles {
		rows[r.Name]++
	}
	names := make([]string, len(roles))
	for i, r := range roles {
		if names[i] = r.Name; rows[r.Name] == 1 {
			continue
		}
		id := " (" + r.ID + ")"
		for names[i] = roleText(r.Name) + id; rows[names[i]] > 0; {
			names[i] += id
		}
		rows[names[i]]++
	}
	return names
}

// writeMatrix writes tables with the permissions down and the roles across, as many roles in each
// as there is room for.
func (t *terminal) writeMatrix(report showReport) error {
	first := uniseg.StringWidth("PERMISSION")
	for _, row := range report.Permissions {
		first = max(first, uniseg.StringWidth(printable(row.Permission().String())))
	}
	for i, roles := range groupsOf(report.Roles, t.out.columns-first) {
		if i > 0 {
			if _, err := io.WriteString(t.out, "\n"); err != nil {
				return err
			}
		}
		header := []string{"PERMISSION"}
		for _, r := range roles {
			header = append(header, roleText(r.Name))
		}
		if err := writeTable(t.out, header, matrixRows(report, roles, "-")); err != nil {
			return err
		}
	}
	return nil
}

// groupsOf cuts the roles into runs that fit side by side into so many columns. There is always one
// run, and one role in it if there are roles.
func groupsOf(roles []showRole, columns int) [][]showRole {
	groups := [][]showRole{nil}
	room := columns
	for _, r := range roles {
		width := gap + max(len("yes"), uniseg.StringWidth(printable(roleText(r.Name))))
		last := len(groups) - 1
		if room -= width; room < 0 && len(groups[last]) > 0 {
			groups, last, room = append(groups, nil), last+1, columns-width
		}
		groups[last] = append(groups[last], r)
	}
	return groups
}

// matrixRows has a row for each permission, with no where the role does not have it.
func matrixRows(report showReport, roles []showRole, no string) [][]string {
	var rows [][]string
	for _, p := range report.Permissions {
		row := []string{p.Permission().String()}
		for _, r := range roles {
			if slices.Contains(p.Roles, r.Name) {
				row = append(row, "yes")
			} else {
				row = append(row, no)
			}
		}
		rows = append(rows, row)
	}
	return rows
}

// writeMarkdown writes one table, however many roles there are.
func writeMarkdown(w io.Writer, report showReport) error {
	var b strings.Builder
	header, rule := []string{"permission"}, []string{"---"}
	for _, r := range report.Roles {
		header, rule = append(header, roleText(r.Name)), append(rule, "---")
	}
	rows := matrixRows(report, report.Roles, "")
	for _, row := range append([][]string{header, rule}, rows...) {
		for i, cell := range row {
			if &row[0] != &rule[0] {
				cell = markdownText.Replace(printable(cell))
			}
			fmt.Fprintf(&b, "%s %s", strings.Repeat(" ", min(i, 1))+"|", cell)
		}
		b.WriteString(" |\n")
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// markdownText escapes what Markdown reads as a mark.
var markdownText = strings.NewReplacer(`\`, `\\`, "|", `\|`, "`", "\\`", "*", `\*`, "_", `\_`,
	"[", `\[`, "]", `\]`, "<", `\<`, ">", `\>`, "&", `\&`, "~", `\~`, "#", `\#`)
