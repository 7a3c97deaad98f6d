package rbac

import (
	"cmp"
	"context"
	"slices"
)

// LintOptions say how the app asks.
type LintOptions struct {
	// Checks are the functions that take a [Check], and Roles those that take the name of a role.
	// Where both are empty they are those of the Epic Stack: [EpicStackChecks], [EpicStackRoles].
	Checks, Roles []Function
	// Ignore lists kinds of findings that are left out.
	Ignore []FindingKind
	// Places are those of the roles in the policy's file, as [RolePlaces] finds them. It may be
	// nil.
	Places map[string]Place
}

// A Function is a function of the app. Argument counts from 1 and says which argument is the check
// or the role; 0 is the last one.
type Function struct {
	Name     string
	Argument int
}

// EpicStackChecks and EpicStackRoles are the functions with which an app that was made from the
// Epic Stack asks whether a user has a permission, and whether a user has a role.
var (
	EpicStackChecks = []Function{{"requireUserWithPermission", 2}, {"userHasPermission", 2}}
	EpicStackRoles  = []Function{{"requireUserWithRole", 2}, {"userHasRole", 2}}
)

// A LintReport says where an app and its policy do not fit.
type LintReport struct {
	Files   int64 `json:"files"`   // that were read
	Calls   int64 `json:"calls"`   // of the functions
	Checked int64 `json:"checked"` // texts that they are given
	// Unchecked lists the arguments that are not known, or not as a whole, without the app running.
	Unchecked []Place `json:"unchecked"`
	// Findings are in the order of their places. Those on the policy come last.
	Findings []Finding `json:"findings"`
}

// A Place is a place in a file. Line and Column count from 1; a column is a character.
type Place struct {
	File   string `json:"file"`
	Line   int64  `json:"line"`
	Column int64  `json:"column"`
}

// A FindingKind says what is wrong.
type FindingKind string

const (
	// Malformed is a check without an answer; see [CheckError].
	Malformed FindingKind = "malformed"
	// Undeclared is a check with a word, or a role, that the policy does not have.
	Undeclared FindingKind = "undeclared"
	// Nobody is a check that no role passes.
	Nobody FindingKind = "nobody"
	// Unasked is permissions of a role for which no text of the app asks.
	Unasked FindingKind = "unasked"
	// AnyWithoutOwn is permissions of a role with the access "any" where the role has none with the
	// access "own": "any" never covers "own".
	AnyWithoutOwn FindingKind = "any-without-own"
)

// FindingKinds are all kinds of findings.
var FindingKinds = []FindingKind{Malformed, Undeclared, Nobody, Unasked, AnyWithoutOwn}

// A Finding is a fault of the app, or of a role of the policy.
type Finding struct {
	Place       *Place      `json:"place,omitempty"` // nil if it is not known
	Kind        FindingKind `json:"kind"`
	Text        string      `json:"text"` // the check or the role
	Why         string      `json:"why"`
	Permissions []string    `json:"permissions"` // for Unasked and AnyWithoutOwn
}

// Lint compares the checks and the roles in the TypeScript and JavaScript files of a folder with
// the policy. A file in place of the folder is read alone. Folders whose name begins with a dot,
// node_modules, and the folders into which tools build are left out.
//
// Lint does not run the app: of an argument it knows strings, templates, and what ?:, ||, ??, &&, +
// and lists make of them. It finds a function by the last part of its name, and by the name that an
// import gives it.
//
// A folder without such files is [ErrNoCode]. A policy that Validate refuses is an error.
func Lint(ctx context.Context, dir string, p Policy, opts LintOptions) (LintReport, error) {
	if err := p.Validate(); err != nil {
		return LintReport{}, err
	}
	l, err := newLinter(p, opts)
	if err != nil {
		return LintReport{}, err
	}
	for path, err := range codeFiles(dir) {
		if err == nil {
			err = ctx.Err()
		}
		if err == nil {
			err = l.file(path)
		}
		if err != nil {
			return LintReport{}, err
		}
	}
	if l.report.Files == 0 {
		return LintReport{}, &noCodeError{dir}
	}
	for _, r := range p.Roles {
		l.role(r.Name)
	}
	return l.report, nil
}

// A linter compares files with a policy.
type linter struct {
	policy    Policy
	words     *vocabulary
	granted   map[string][]Permission // by role
	checks    map[string]Function
	roles     map[string]Function
	functions []string // names of both
	ignore    []FindingKind
	places    map[string]Place
	asked     *asked
	report    LintReport
}

func newLinter(p Policy, opts LintOptions) (*linter, error) {
	if len(opts.Checks)+len(opts.Roles) == 0 {
		opts.Checks, opts.Roles = EpicStackChecks, EpicStackRoles
	}
	l := &linter{
		policy: p, words: p.vocabulary(), ignore: opts.Ignore, places: opts.Places,
		granted: map[string][]Permission{}, asked: newAsked(p),
		checks: map[string]Function{}, roles: map[string]Function{},
	}
	for _, f := range opts.Checks {
		l.checks[f.Name] = f
		l.functions = append(l.functions, f.Name)
	}
	for _, f := range opts.Roles {
		l.roles[f.Name] = f
		l.functions = append(l.functions, f.Name)
	}
	for _, r := range p.Roles {
		permissions, err := l.words.permissions(r)
		if err != nil {
			return nil, err
		}
		l.granted[r.Name] = permissions
	}
	return l, nil
}

func (l *linter) find(f Finding) {
	if !slices.Contains(l.ignore, f.Kind) {
		l.report.Findings = append(l.report.Findings, f)
	}
}

// sortFrom brings the findings of one file, which begin at from, into their order.
func (l *linter) sortFrom(from int) {
	slices.SortStableFunc(l.report.Findings[from:], func(a, b Finding) int {
		return cmp.Or(cmp.Compare(a.Place.Line, b.Place.Line),
			cmp.Compare(a.Place.Column, b.Place.Column))
	})
}
