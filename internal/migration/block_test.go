package migration_test

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seedkit/seedkit/internal/migration"
)

const marked = "-- seedkit:begin\nINSERT 1;\n-- seedkit:end\n"

func TestSplice(t *testing.T) {
	const block = "INSERT 1;\n"
	tests := []struct {
		name         string
		format       migration.Format
		script, want string
	}{
		{"empty", migration.SQL, "", marked},
		{"appended", migration.Prisma, "CREATE TABLE t(x);\n", "CREATE TABLE t(x);\n\n" + marked},
		{"no final newline", migration.SQL, "CREATE TABLE t(x);",
			"CREATE TABLE t(x);\n\n" + marked},
		{"replaced", migration.SQL, "a;\r\n-- seedkit:begin\nINSERT 0;\n-- seedkit:end\r\n\tb;",
			"a;\r\n" + marked + "\tb;"},
		{"replaced at the end", migration.SQL, "a;\n-- seedkit:begin\n-- seedkit:end",
			"a;\n" + marked},
		{"before Down", migration.Goose, "-- +goose Up\na;\n\n-- +goose Down\nb;\n",
			"-- +goose Up\na;\n\n" + marked + "\n-- +goose Down\nb;\n"},
		{"right before Down", migration.Goose, "-- +goose Up\r\na;\r\n-- +goose Down\r\n",
			"-- +goose Up\r\na;\r\n\n" + marked + "\n-- +goose Down\r\n"},
		{"without Down", migration.Goose, "-- +goose Up\na;", "-- +goose Up\na;\n\n" + marked},
		{"empty Up", migration.Goose, "-- +goose Up\n\n-- +goose Down\n",
			"-- +goose Up\n\n" + marked + "\n-- +goose Down\n"},
		{"before migrate:down", migration.Dbmate, "-- migrate:up\na;\n-- migrate:down\nb;\n",
			"-- migrate:up\na;\n\n" + marked + "\n-- migrate:down\nb;\n"},
		{"golang-migrate", migration.GolangMigrate, "a;\n", "a;\n\n" + marked},
		{"D1", migration.D1, "-- Migration number: 0001\n",
			"-- Migration number: 0001\n\n" + marked},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got := splice(t, test.format, test.script, block)
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if again := splice(t, test.format, got, block); again != test.want {
				t.Errorf("spliced again: got %q, want the same as before", again)
			}
		})
	}
}

func parse(t *testing.T, format migration.Format, text string) *migration.Script {
	t.Helper()
	script, err := format.Parse([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return script
}

func splice(t *testing.T, format migration.Format, text, block string) string {
	t.Helper()
	got, err := parse(t, format, text).Splice([]byte(block))
	if err != nil {
		t.Fatal(err)
	}
	return string(got)
}

func TestSpliceRefuses(t *testing.T) {
	tests := []struct {
		format migration.Format
		script string
		want   error
	}{
		{migration.SQL, "-- seedkit:begin\n", migration.ErrBlock},
		{migration.SQL, "-- seedkit:end\n", migration.ErrBlock},
		{migration.SQL, "-- seedkit:begin\n-- seedkit:begin\n-- seedkit:end\n", migration.ErrBlock},
		{migration.Drizzle, "-- seedkit:begin\n-- seedkit:end\n-- seedkit:end\n",
			migration.ErrBlock},
		{migration.Goose, "-- +goose Up\n-- +goose Down\n" + marked, migration.ErrBlockNotRun},
		{migration.Dbmate, "-- migrate:up\n-- seedkit:begin\n-- migrate:down\n-- seedkit:end\n",
			migration.ErrBlockNotRun},
	}
	for _, tt := range tests {
		if _, err := parse(t, tt.format, tt.script).Splice(nil); !errors.Is(err, tt.want) {
			t.Errorf("%q: got %v, want %v", tt.script, err, tt.want)
		}
	}
}

// TestSpliceMarksInText checks that no format takes a mark within a string, a name or a comment for
// a mark of the block.
func TestSpliceMarksInText(t *testing.T) {
	const mark = "-- seedkit:begin\nkeep me\n-- seedkit:end\n"
	texts := map[string]string{
		"string":  "INSERT INTO t VALUES ('it''s\n" + mark + "');\n",
		"name":    "SELECT \"\n" + mark + "\", `\n" + mark + "`, [\n" + mark + "];\n",
		"comment": "/* as in:\n" + mark + "*/\n",
		"down":    "/*\n-- seedkit:begin down\nkeep me\n-- seedkit:end down\n*/\n",
	}
	begins := map[migration.Format]string{
		migration.Goose: "-- +goose Up\n", migration.Dbmate: "-- migrate:up\n",
	}
	for name, text := range texts {
		for _, format := range migration.Formats() {
			t.Run(name+" in "+string(format), func(t *testing.T) {
				before, after := begins[format], ""
				switch format {
				case migration.Goose:
					after = "\n-- +goose Down\n"
				case migration.Dbmate:
					after = "\n-- migrate:down\n"
				}
				script := before + text + after
				want := before + text + "\n" + marked + after
				if diff := cmp.Diff(want, splice(t, format, script, "INSERT 1;\n")); diff != "" {
					t.Errorf("(-want +got):\n%s", diff)
				}
				if got := splice(t, format, want, "INSERT 1;\n"); got != want {
					t.Errorf("spliced again: got %q, want the same as before", got)
				}
				without, err := migration.WithoutBlock([]byte(script))
				if err != nil || string(without) != script {
					t.Errorf("without the block: got %q, %v; want the same as before", without, err)
				}
			})
		}
	}
}

// TestSpliceMarkInBlock checks that a mark in a string of the block does not end the block.
func TestSpliceMarkInBlock(t *testing.T) {
	const script = "a;\n-- seedkit:begin\nINSERT '\n-- seedkit:end\n';\n-- seedkit:end\nb;\n"
	got := splice(t, migration.SQL, script, "INSERT 1;\n")
	if want := "a;\n" + marked + "b;\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestHasBlockInText(t *testing.T) {
	const text = "DELETE FROM t WHERE x = '\n-- seedkit:begin down\n-- seedkit:end down\n';\n"
	script, err := migration.GolangMigrate.ParseDown([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	if script.HasBlock() {
		t.Error("a string counts as the block")
	}
}

func TestWithoutBlock(t *testing.T) {
	got, err := migration.WithoutBlock([]byte("a;\n-- seedkit:begin\nx;\n-- seedkit:end\nb;\n"))
	if err != nil || string(got) != "a;\nb;\n" {
		t.Errorf("got %q, %v", got, err)
	}
}

// blockOf writes a block of statements for a script.
func blockOf(
	t *testing.T, s *migration.Script, opts migration.BlockOptions, statements ...string,
) string {
	t.Helper()
	var out bytes.Buffer
	block := s.NewBlock(&out, opts)
	for _, statement := range statements {
		if err := block.Statement([]byte(statement)); err != nil {
			t.Fatal(err)
		}
	}
	if err := block.Close(); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// streamOf writes a block of text, byte by byte. It returns "" if the block cannot be written as a
// stream.
func streamOf(t *testing.T, s *migration.Script, text string) string {
	t.Helper()
	var out bytes.Buffer
	block := s.NewBlock(&out, migration.BlockOptions{})
	if !block.Streams() {
		return ""
	}
	for i := range len(text) {
		if _, err := block.Write([]byte(text[i : i+1])); err != nil {
			t.Fatal(err)
		}
	}
	if err := block.Close(); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func TestBlockStreams(t *testing.T) {
	scripts := map[migration.Format]string{migration.Goose: "-- +goose Up\n",
		migration.Dbmate: "-- migrate:up\n-- migrate:down\n"}
	var got []migration.Format
	for _, format := range migration.Formats() {
		s := parse(t, format, scripts[format])
		if s.NewBlock(new(bytes.Buffer), migration.BlockOptions{}).Streams() {
			got = append(got, format)
		}
	}
	want := []migration.Format{migration.SQL, migration.Prisma, migration.Dbmate,
		migration.GolangMigrate, migration.Diesel, migration.Sqlx}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestBlock(t *testing.T) {
	const a, b = "INSERT INTO t VALUES ('a');", "INSERT INTO t VALUES\n('b; -- c'),\n('d');"
	const transaction = "BEGIN;\n" + a + "\n" + b + "\nCOMMIT;\n"
	tests := []struct {
		name, script string
		format       migration.Format
		want         string
	}{
		{"SQL", "", migration.SQL, transaction},
		{"Prisma", "", migration.Prisma, transaction},
		{"golang-migrate", "", migration.GolangMigrate, a + "\n" + b + "\n"},
		{"D1", "", migration.D1, a + "\n" + b + "\n"},
		{"dbmate", "-- migrate:up\n-- migrate:down\n", migration.Dbmate, a + "\n" + b + "\n"},
		{"dbmate without a transaction", "-- migrate:up transaction:false\n-- migrate:down\n",
			migration.Dbmate, transaction},
		{"goose", "-- +goose Up\n", migration.Goose,
			a + "\n-- +goose StatementBegin\n" + b + "\n-- +goose StatementEnd\n"},
		{"goose without a transaction", "-- +goose NO TRANSACTION\n-- +goose Up\n", migration.Goose,
			"-- +goose StatementBegin\n" + transaction + "-- +goose StatementEnd\n"},
		{"goose with variables",
			"-- +goose Up\n-- +goose ENVSUB ON\n-- +goose Down\n-- +goose ENVSUB OFF\n",
			migration.Goose,
			"-- +goose ENVSUB OFF\n" + a + "\n-- +goose StatementBegin\n" + b +
				"\n-- +goose StatementEnd\n-- +goose ENVSUB ON\n"},
		{"after a statement without its end", "CREATE TABLE t(x)\n-- c\n", migration.Prisma,
			";\n" + transaction},
		{"golang-migrate, after such", "CREATE TABLE t(x)", migration.GolangMigrate,
			";\n" + a + "\n" + b + "\n"},
		{"dbmate, after such", "-- migrate:up\nCREATE TABLE t(x)\n-- migrate:down\n",
			migration.Dbmate, ";\n" + a + "\n" + b + "\n"},
		{"drizzle", "-- Custom SQL migration file, put your code below! --", migration.Drizzle,
			a + "\n--> statement-breakpoint\n" + b + "\n"},
		{"drizzle after a statement", "CREATE TABLE t(x);", migration.Drizzle,
			"--> statement-breakpoint\n" + a + "\n--> statement-breakpoint\n" + b + "\n"},
		{"drizzle after a breakpoint", "CREATE TABLE t(x);--> statement-breakpoint\n",
			migration.Drizzle,
			a + "\n--> statement-breakpoint\n" + b + "\n"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := parse(t, tt.format, tt.script)
			got := blockOf(t, s, migration.BlockOptions{}, a, b)
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if got := streamOf(t, s, a+"\n"+b+"\n"); got != tt.want && got != "" {
				t.Errorf("as a stream: %q, want %q", got, tt.want)
			}
			opts := migration.BlockOptions{Comment: "-- c", DeferForeignKeys: true}
			if got := blockOf(t, s, opts); got != "" {
				t.Errorf("without a statement: %q, want nothing", got)
			}
			with := blockOf(t, s, opts, a)
			if !strings.HasPrefix(with, "-- c\n") ||
				strings.Count(with, "\nPRAGMA defer_foreign_keys=ON;\n") != 1 {
				t.Errorf("with all options: %q", with)
			}
		})
	}
}

func TestBlockRefusesMarks(t *testing.T) {
	tests := map[string][]migration.Format{
		"--> statement-breakpoint": {migration.Drizzle},
		"BEGIN TRANSACTION":        {migration.Drizzle, migration.D1},
		"COMMIT;":                  {migration.Drizzle, migration.D1},
		"-- +goose Down":           nil,
		"-- migrate:down":          nil,
	}
	scripts := map[migration.Format]string{migration.Goose: "-- +goose Up\n",
		migration.Dbmate: "-- migrate:up\n-- migrate:down\n"}
	for text, want := range tests {
		var got []migration.Format
		for _, format := range migration.Formats() {
			s := parse(t, format, scripts[format])
			block := s.NewBlock(new(bytes.Buffer), migration.BlockOptions{})
			err := block.Statement([]byte("INSERT '" + text + "';"))
			_, refused := errors.AsType[*migration.CollisionError](err)
			if refused != format.Collides([]byte(text)) {
				t.Errorf("%s: %q is refused: %v, collides: %v", format, text, refused, !refused)
			} else if refused {
				got = append(got, format)
			}
		}
		if len(got) != len(want) {
			t.Errorf("%q: refused by %v, want %v", text, got, want)
		}
	}
}
