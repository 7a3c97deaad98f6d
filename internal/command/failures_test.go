package command

import (
	"cmp"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/urfave/cli/v2"

	"github.com/seedkit/seedkit/backup"
	"github.com/seedkit/seedkit/internal/litefs"
	"github.com/seedkit/seedkit/internal/sqlite"
)

// consent matches a flag that answers the question.
var consent = regexp.MustCompile(`--yes\b|(^|\s)-y\b`)

// TestHints checks that no hint answers the question for the user.
func TestHints(t *testing.T) {
	for _, h := range failures {
		if h.hint == "" {
			continue
		}
		if consent.MatchString(h.hint) {
			t.Errorf("the hint consents: %s", h.hint)
		}
		if strings.HasSuffix(h.hint, ".") ||
			strings.ToUpper(h.hint[:1]) == h.hint[:1] && h.hint[0] != '-' {
			t.Errorf("the hint is not written like an error: %s", h.hint)
		}
	}
	if got := hint(fmt.Errorf("apply: %w", errNoConsent)); got != "" {
		t.Errorf("the hint to a refusal for want of consent is %q, want none", got)
	}
	if !strings.Contains(errNoConsent.Error(), "--yes") {
		t.Errorf("the refusal %q does not name the flag", errNoConsent)
	}
}

// TestUsageHints gives each verb wrong command lines. No hint may repeat a word of the user's that
// could be a file, or have a flag that consents.
func TestUsageHints(t *testing.T) {
	p := unattended()
	seen := 0
	for _, v := range every(p.verbs) {
		for _, argv := range wrongLines(v, p.flags) {
			_, err := p.parse(strings.Fields(strings.Join(argv, " ")))
			usage, ok := errors.AsType[*usageError](err)
			if !ok {
				continue
			}
			seen++
			if strings.Contains(usage.hint, "file-") {
				t.Errorf("%s: the hint chooses a file: %s", quoted(argv...), usage.hint)
			}
			if consent.MatchString(usage.hint) || strings.Contains(usage.hint, "--force") ||
				strings.Contains(usage.hint, "--allow") {
				t.Errorf("%s: the hint consents: %s", quoted(argv...), usage.hint)
			}
		}
	}
	if seen < 100 {
		t.Errorf("%d command lines were wrong, want more", seen)
	}
}

// wrongLines returns command lines of the verb with too few and too many arguments, and with each
// of its flags before the verb, misspelt, without its value, and with another flag for a value.
func wrongLines(v *verb, globals []cli.Flag) [][]string {
	files := []string{"file-1.db", "file-2.db", "file-3.db"}
	var lines [][]string
	for n := range files {
		args := append([]string{v.name}, files[:n+1]...)
		lines = append(lines, args, append(args[:len(args):len(args)], "--yes"),
			append([]string{v.name, "-y", "--to", "file-0.db"}, files[:n+1]...))
	}
	lines = append(lines, []string{v.name}, []string{v.name, "--yes"},
		[]string{v.name, "--to", "--yes"}, []string{v.name, "--to", "-yq"})
	for _, f := range slices.Concat(v.flags, globals) {
		for _, name := range f.Names() {
			flag := dashed(name)
			lines = append(lines, []string{flag, v.name, "file-1.db"}, []string{v.name, flag},
				[]string{v.name, flag, "--yes"},
				[]string{v.name, "file-1.db", flag + "s"},
				[]string{v.name, "file-1.db", flag[:len(flag)-1] + "x"},
				[]string{v.name, "file-1.db", strings.TrimPrefix(flag, "-")})
		}
	}
	return lines
}

// TestFailures checks that the table has each error that a library exports. An error that several
// libraries export is in the table once.
func TestFailures(t *testing.T) {
	table, err := os.ReadFile("failures.go")
	if err != nil {
		t.Fatal(err)
	}
	origin := map[string]string{} // what each exported error is an alias of, or itself
	for _, library := range []string{"generate", "dump", "extract", "backup", "apply", "rbac"} {
		maps.Copy(origin, exportedErrors(t, library))
	}
	if len(origin) < 30 {
		t.Fatalf("found %d exported errors, want more", len(origin))
	}
	inTable := map[string]bool{}
	for _, name := range regexp.MustCompile(`\b[a-z]+\.[A-Z]\w+`).FindAllString(string(table), -1) {
		inTable[cmp.Or(origin[name], name)] = true
	}
	for name, of := range origin {
		if !inTable[of] {
			t.Errorf("%s is in no failure", name)
		}
	}
}

// exportedErrors returns the names of a package's exported errors, with what each is an alias of.
func exportedErrors(t *testing.T, library string) map[string]string {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join("..", "..", library, "*.go"))
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]string{}
	add := func(name *ast.Ident, value ast.Expr) {
		if !name.IsExported() || !isErrorName(name.Name) {
			return
		}
		full := library + "." + name.Name
		found[full] = full
		if of, ok := value.(*ast.SelectorExpr); ok {
			found[full] = fmt.Sprintf("%s.%s", of.X, of.Sel)
		}
	}
	for _, path := range paths {
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		if strings.HasSuffix(path, "_test.go") {
			continue
		}
		for _, d := range file.Decls {
			general, ok := d.(*ast.GenDecl)
			if !ok {
				continue
			}
			for _, spec := range general.Specs {
				switch spec := spec.(type) {
				case *ast.TypeSpec:
					add(spec.Name, spec.Type)
				case *ast.ValueSpec:
					for i, value := range spec.Values {
						add(spec.Names[i], value)
					}
				}
			}
		}
	}
	return found
}

func isErrorName(name string) bool {
	return strings.HasPrefix(name, "Err") || strings.HasSuffix(name, "Error")
}

// TestUncertainCommits holds that no commit whose outcome is unknown ends with the exit code for
// "nothing changed".
func TestUncertainCommits(t *testing.T) {
	for _, cause := range []error{
		&sqlite.CommitError{Err: errors.New("disk I/O error")},
		&litefs.StandstillError{Position: "01/02"},
	} {
		err := fmt.Errorf("apply: %w", &backup.UncertainError{Path: "app.db", Err: cause})
		if got := exitCode(err); got != exitUnverified {
			t.Errorf("%v: exit code %d, want %d", err, got, exitUnverified)
		}
		if text := hint(err); !strings.Contains(text, "seedkit verify BACKUP --against DB") {
			t.Errorf("%v: hint %q", err, text)
		}
	}
}
