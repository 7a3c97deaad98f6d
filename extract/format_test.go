package extract_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seedkit/seedkit/extract"
	"github.com/seedkit/seedkit/internal/migration"
)

// TestWriteForATool writes rows that refer to each other in the form that each tool needs in a
// migration.
func TestWriteForATool(t *testing.T) {
	const script = `CREATE TABLE t(id INTEGER PRIMARY KEY, up INT REFERENCES t); ` +
		`INSERT INTO t VALUES(1, 2), (2, NULL);`
	const first = `INSERT INTO "t" ("id", "up") VALUES (1, 2);` + "\n"
	const second = `INSERT INTO "t" ("id", "up") VALUES (2, NULL);` + "\n"
	const deferred, breakpoint = "PRAGMA defer_foreign_keys=ON;\n", "--> statement-breakpoint\n"
	want := map[string]string{
		"sql":            "BEGIN;\n" + deferred + first + second + "COMMIT;\n",
		"prisma":         "BEGIN;\n" + deferred + first + second + "COMMIT;\n",
		"goose":          deferred + first + second,
		"dbmate":         deferred + first + second,
		"golang-migrate": deferred + first + second,
		"drizzle":        deferred + breakpoint + first + breakpoint + second,
		"d1":             deferred + first + second,
		"diesel":         deferred + first + second,
		"sqlx":           deferred + first + second,
	}
	for _, format := range extract.Formats() {
		t.Run(format, func(t *testing.T) {
			got, report, err := write(t, script, extract.Options{Format: format})
			if diff := cmp.Diff(want[format], got); err != nil || diff != "" || !report.Proven {
				t.Errorf("proven %v, %v, (-want +got)\n%s", report.Proven, err, diff)
			}
		})
	}
	_, _, err := write(t, script, extract.Options{Format: "d2"})
	if !errors.Is(err, migration.ErrUnknownFormat) {
		t.Errorf("got %v, want ErrUnknownFormat", err)
	}
}

// TestWriteForD1 checks that D1's limit of a statement's length holds without an option.
func TestWriteForD1(t *testing.T) {
	script := fmt.Sprintf("CREATE TABLE t(id INTEGER PRIMARY KEY, a TEXT); "+
		"INSERT INTO t VALUES(1, '%s');", strings.Repeat("x", 250_000))
	got, report, err := write(t, script, extract.Options{Format: "d1"})
	if err != nil || !report.Proven {
		t.Fatal(err)
	}
	var lengths []int
	for statement := range strings.Lines(got) {
		lengths = append(lengths, len(statement)-len("\n"))
	}
	if want := []int{100_000, 100_000, 50_135}; !cmp.Equal(want, lengths) {
		t.Errorf("the statements have %d bytes, want %d", lengths, want)
	}
}
