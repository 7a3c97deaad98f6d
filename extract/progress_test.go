package extract_test

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seedkit/seedkit/extract"
	"github.com/seedkit/seedkit/internal/sqlite"
)

// seeds makes a script and a database with the same rows in two tables.
func seeds(t *testing.T) (script, db string) {
	t.Helper()
	var text strings.Builder
	text.WriteString("CREATE TABLE a (id INTEGER PRIMARY KEY, x TEXT);\n" +
		"CREATE TABLE b (id INTEGER PRIMARY KEY);\n")
	for i := range 3000 {
		fmt.Fprintf(&text, "INSERT INTO a VALUES (%d, 'some text of the row, "+
			"so that there are a few blocks to read');\n", i)
	}
	text.WriteString("INSERT INTO b VALUES (1), (2);\n")
	dir := t.TempDir()
	script, db = filepath.Join(dir, "seed.sql"), filepath.Join(dir, "seed.db")
	if err := os.WriteFile(script, []byte(text.String()), 0o666); err != nil {
		t.Fatal(err)
	}
	c, err := sqlite.Open(t.Context(), db, sqlite.Create)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if err := c.ExecScript("BEGIN;" + text.String() + "COMMIT;"); err != nil {
		t.Fatal(err)
	}
	return script, db
}

// TestProgress checks that each stage reaches its end and never goes back, and that Progress does
// not change the result.
func TestProgress(t *testing.T) {
	script, db := seeds(t)
	baseline := filepath.Join(t.TempDir(), "baseline.sql")
	const there = "CREATE TABLE a (id INTEGER PRIMARY KEY, x TEXT); " +
		"INSERT INTO a VALUES (1, 'else'); CREATE TABLE b (id INTEGER PRIMARY KEY); " +
		"INSERT INTO b VALUES (2);"
	if err := os.WriteFile(baseline, []byte(there), 0o666); err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(script)
	if err != nil {
		t.Fatal(err)
	}
	size := info.Size()
	var rows int64 = 3002
	read := extract.Progress{Stage: extract.Reading, Done: size, Total: size}
	written := extract.Progress{Stage: extract.Writing, Done: rows, Total: rows}
	compared := extract.Progress{Stage: extract.Comparing, Done: rows, Total: rows}
	tests := []struct {
		title  string
		source string
		opts   extract.Options
		piped  bool
		// want holds the last Progress of each stage, without numbers for Replaying.
		want []extract.Progress
	}{
		{"a database", db, extract.Options{}, false, []extract.Progress{written, compared}},
		{"without a proof", db, extract.Options{NoProof: true}, false, []extract.Progress{written}},
		{"several rows an INSERT", db, extract.Options{RowsPerInsert: 7}, false,
			[]extract.Progress{written, compared}},
		{"a baseline", db, extract.Options{Baseline: baseline, OnConflict: extract.Skip}, false,
			[]extract.Progress{written, compared}},
		{"a script", script, extract.Options{}, false,
			[]extract.Progress{read, {Stage: extract.Replaying}, read}},
		{"a script without a proof", script, extract.Options{NoProof: true}, false,
			[]extract.Progress{read}},
		{"a script that is replayed", script, extract.Options{RowsPerInsert: 7}, false,
			[]extract.Progress{read, written, compared}},
		{"a pipe", script, extract.Options{RowsPerInsert: 7}, true,
			[]extract.Progress{{Stage: extract.Reading, Done: size}, written, compared}},
	}
	for _, tt := range tests {
		t.Run(tt.title, func(t *testing.T) {
			var stages []extract.Progress
			got := extractTo(t, tt.source, tt.opts, tt.piped, func(p extract.Progress) {
				last := len(stages) - 1
				switch {
				case last < 0, stages[last].Stage != p.Stage,
					p.Stage == extract.Reading && stages[last] == read:
					stages = append(stages, p)
				case p.Done < stages[last].Done:
					t.Errorf("%v comes after %v", p, stages[last])
				default:
					stages[last] = p
				}
			})
			for i := range stages {
				if stages[i].Stage == extract.Replaying {
					stages[i] = extract.Progress{Stage: extract.Replaying}
				}
			}
			if diff := cmp.Diff(tt.want, stages); diff != "" {
				t.Errorf("stages (-want +got):\n%s", diff)
			}
			if got != extractTo(t, tt.source, tt.opts, tt.piped, nil) {
				t.Error("the result is another if progress is told")
			}
		})
	}
}

func extractTo(
	t *testing.T, source string, opts extract.Options, piped bool, tell func(extract.Progress),
) string {
	t.Helper()
	if piped {
		f, err := os.Open(source)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		opts.Script = io.MultiReader(f)
	}
	opts.Progress = tell
	var out bytes.Buffer
	if _, err := extract.Write(t.Context(), &out, source, opts); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// TestFindSchema checks that FindSchema is called if a script needs a schema, and only then.
func TestFindSchema(t *testing.T) {
	script, _ := seeds(t)
	tests := []struct {
		title, text string
		opts        extract.Options
		found       string
		asked       bool
		wantErr     string
	}{
		{"needed", "INSERT INTO b VALUES (1);", extract.Options{}, script, true, ""},
		{"needed, and there is none", "INSERT INTO b VALUES (1);", extract.Options{}, "", true,
			"the script makes no tables, and there is no schema for it"},
		{"given", "INSERT INTO b VALUES (1);", extract.Options{Schema: script}, "", false, ""},
		{"of the baseline", "INSERT INTO b VALUES (9);", extract.Options{Baseline: script},
			"", false, ""},
		{"made by the script", "CREATE TABLE b (id); INSERT INTO b VALUES (1);", extract.Options{},
			"", false, ""},
	}
	for _, tt := range tests {
		t.Run(tt.title, func(t *testing.T) {
			asked := false
			tt.opts.Script = strings.NewReader(tt.text)
			tt.opts.FindSchema = func() (string, error) { asked = true; return tt.found, nil }
			_, err := extract.Write(t.Context(), io.Discard, "rows.sql", tt.opts)
			if asked != tt.asked {
				t.Errorf("asked: %t, want %t", asked, tt.asked)
			}
			got := ""
			if err != nil {
				got = err.Error()
			}
			if (got == "") != (tt.wantErr == "") || !strings.Contains(got, tt.wantErr) {
				t.Errorf("got %q, want %q", got, tt.wantErr)
			}
		})
	}
}
