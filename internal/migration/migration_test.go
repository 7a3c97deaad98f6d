package migration_test

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/seedkit/seedkit/internal/migration"
)

func TestReadFolder(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "app [v2]", "migrations")
	for _, name := range []string{"20250301000000_later", "20250221000000_init"} {
		if err := os.MkdirAll(filepath.Join(dir, name), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name, "migration.sql"), []byte("-- "+name), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(filepath.Join(dir, "migration_lock.toml"), nil, 0o666); err != nil {
		t.Fatal(err)
	}
	got, err := migration.ReadFolder(dir)
	if err != nil {
		t.Fatal(err)
	}
	migrationAt := func(name string) migration.Migration {
		return migration.Migration{Name: name, Path: filepath.Join(dir, name, "migration.sql"), SQL: "-- " + name}
	}
	want := migration.Folder{Format: migration.Prisma, Migrations: []migration.Migration{
		migrationAt("20250221000000_init"), migrationAt("20250301000000_later"),
	}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if _, err := migration.ReadFolder(t.TempDir()); !errors.Is(err, migration.ErrNone) {
		t.Errorf("an empty folder: got %v, want ErrNone", err)
	}
}

func TestIsBookkeeping(t *testing.T) {
	for table, want := range map[string]bool{
		"_prisma_migrations": true, "sqlite_sequence": true, "_litestream_seq": true, "_cf_KV": true,
		"User": false, "migrations_done": false, "_RoleToUser": false,
	} {
		if got := migration.IsBookkeeping(table); got != want {
			t.Errorf("IsBookkeeping(%q) = %v", table, got)
		}
	}
}

func TestSplice(t *testing.T) {
	const block = "INSERT 1;\n"
	tests := []struct{ name, script, want string }{
		{"empty", "", "-- seedkit:begin\nINSERT 1;\n-- seedkit:end\n"},
		{"appended", "CREATE TABLE t(x);\n", "CREATE TABLE t(x);\n\n-- seedkit:begin\nINSERT 1;\n-- seedkit:end\n"},
		{"no final newline", "CREATE TABLE t(x);", "CREATE TABLE t(x);\n\n-- seedkit:begin\nINSERT 1;\n-- seedkit:end\n"},
		{"replaced", "a;\r\n-- seedkit:begin\nINSERT 0;\n-- seedkit:end\r\n\tb;", "a;\r\n-- seedkit:begin\nINSERT 1;\n-- seedkit:end\n\tb;"},
		{"replaced at the end", "a;\n-- seedkit:begin\n-- seedkit:end", "a;\n-- seedkit:begin\nINSERT 1;\n-- seedkit:end\n"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got, err := migration.Splice([]byte(test.script), []byte(block))
			if err != nil || string(got) != test.want {
				t.Errorf("got %q, %v; want %q", got, err, test.want)
			}
			again, err := migration.Splice(got, []byte(block))
			if err != nil || string(again) != test.want {
				t.Errorf("spliced again: got %q, %v; want the same as before", again, err)
			}
		})
	}
}

func TestSpliceRefusesMarksThatDoNotPair(t *testing.T) {
	for _, script := range []string{
		"-- seedkit:begin\n",
		"-- seedkit:end\n",
		"-- seedkit:begin\n-- seedkit:begin\n-- seedkit:end\n",
		"-- seedkit:begin\n-- seedkit:end\n-- seedkit:end\n",
	} {
		if _, err := migration.Splice([]byte(script), nil); !errors.Is(err, migration.ErrBlock) {
			t.Errorf("%q: got %v, want ErrBlock", script, err)
		}
	}
}

func TestWithoutBlock(t *testing.T) {
	got, err := migration.WithoutBlock([]byte("a;\n-- seedkit:begin\nx;\n-- seedkit:end\nb;\n"))
	if err != nil || string(got) != "a;\nb;\n" {
		t.Errorf("got %q, %v", got, err)
	}
}
