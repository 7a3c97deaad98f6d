package generate_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/seedkit/seedkit/generate"
)

// TestSchemaFS generates from the migrations of every tool, in a folder and in a file system that
// has the same files, and compares the databases.
func TestSchemaFS(t *testing.T) {
	const table = "CREATE TABLE a(id INTEGER PRIMARY KEY, name TEXT NOT NULL);\n"
	const column = "ALTER TABLE a ADD COLUMN at DATETIME;\n"
	tests := []struct {
		name  string
		files map[string]string
		want  string // the table with the tool's record
	}{
		{"goose", map[string]string{
			"1_a.sql":  "-- +goose Up\n" + table + "-- +goose Down\nDROP TABLE a;\n",
			"10_b.sql": "-- +goose Up\n" + column,
		}, "goose_db_version"},
		{"golang-migrate", map[string]string{
			"1_a.up.sql": table, "1_a.down.sql": "DROP TABLE a;", "2_b.up.sql": column,
		}, "schema_migrations"},
		{"dbmate", map[string]string{
			"20250101000000_a.sql": "-- migrate:up\n" + table + "-- migrate:down\n",
		}, "schema_migrations"},
		{"Prisma", map[string]string{
			"migration_lock.toml":            `provider = "sqlite"`,
			"20250101000000_a/migration.sql": table, "20250102000000_b/migration.sql": column,
		}, "_prisma_migrations"},
		{"Drizzle", map[string]string{
			"meta/_journal.json": `{"entries":[{"idx":0,"when":1,"tag":"0000_a"}]}`,
			"0000_a.sql":         table,
		}, "__drizzle_migrations"},
		{"Drizzle 1", map[string]string{
			"20250101000000_a/migration.sql": table, "20250101000000_a/snapshot.json": "{}",
		}, "__drizzle_migrations"},
		{"scripts", map[string]string{"1.sql": table, "2.sql": column}, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			dir, fsys := t.TempDir(), fstest.MapFS{}
			for name, text := range tt.files {
				fsys[name] = &fstest.MapFile{Data: []byte(text)}
			}
			if err := os.CopyFS(dir, fsys); err != nil {
				t.Fatal(err)
			}
			opts := options("", func(s *generate.Fixtures) { s.Many("a", "x", 3, nil) })
			opts.SchemaFS = fsys
			got := write(t, opts)
			opts.SchemaFS, opts.SchemaPath = nil, dir
			want := write(t, opts)
			if diff := cmp.Diff(want.report, got.report); diff != "" {
				t.Errorf("report (-SchemaPath +SchemaFS):\n%s", diff)
			}
			if diff := cmp.Diff(want.rows(), got.rows()); diff != "" {
				t.Errorf("rows (-SchemaPath +SchemaFS):\n%s", diff)
			}
			record := ""
			if got.report.Recorded != nil {
				record = got.report.Recorded.Table
			}
			if record != tt.want {
				t.Errorf("recorded in %q, want %q", record, tt.want)
			}
		})
	}
}

func TestSchemaFSWithMistakes(t *testing.T) {
	tests := []struct {
		name, want string
		fsys       fs.FS
	}{
		{"no migrations", "the file system holds no migrations", fstest.MapFS{}},
		{"wrong SQL", "2.sql:2: ", fstest.MapFS{"2.sql": {Data: []byte("\nCREATE TABEL a(x);")}}},
		{"a closed file", "permission denied", noFiles{fs.ErrPermission}},
	}
	for _, tt := range tests {
		path := filepath.Join(t.TempDir(), "seed.db")
		_, err := generate.Write(t.Context(), path, generate.Options{SchemaFS: tt.fsys})
		if err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: got error %v, want one with %q", tt.name, err, tt.want)
		}
		if _, err := os.Stat(path); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%s: the database is there", tt.name)
		}
	}
}

// noFiles is a file system that opens nothing.
type noFiles struct{ err error }

func (f noFiles) Open(name string) (fs.File, error) {
	return nil, &fs.PathError{Op: "open", Path: name, Err: f.err}
}
