package backup_test

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seedkit/seedkit/backup"
	"github.com/seedkit/seedkit/internal/testdb"
)

func TestCopies(t *testing.T) {
	db := testdb.Make(t, "delete", testdb.Users)
	dir := filepath.Join(filepath.Dir(db), "backups")
	for hours := range 3 {
		now := testdb.Now.Add(time.Duration(hours) * time.Hour)
		backUp(t, db, backup.Options{Dir: dir, Now: now})
	}
	write := func(name, text string, made time.Time) {
		t.Helper()
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(path, made, made); err != nil {
			t.Fatal(err)
		}
	}
	plain, err := os.ReadFile(db)
	if err != nil {
		t.Fatal(err)
	}
	write("data-export.db", string(plain), testdb.Now.Add(90*time.Minute))
	write("database.db", string(plain), testdb.Now)
	write("data-notes.txt", "no database", testdb.Now)
	write("other.db", string(plain), testdb.Now)
	write(".data-1.db.tmp0", string(plain), testdb.Now)
	spoiled := filepath.Join(dir, "data-cut.db")
	backUp(t, db, backup.Options{Path: spoiled, Now: testdb.Now.Add(-time.Hour)})
	write("data-cut.db", string(plain[:len(plain)-4096]), testdb.Now.Add(-time.Hour))
	elsewhere := testdb.Make(t, "delete", testdb.Users)
	backUp(t, elsewhere, backup.Options{
		Path: filepath.Join(dir, "elsewhere.db"), Now: testdb.Now.Add(-2 * time.Hour),
	})
	stranger := filepath.Join(t.TempDir(), "stranger.db")
	if err := os.WriteFile(stranger, plain, 0o600); err != nil {
		t.Fatal(err)
	}
	backUp(t, stranger, backup.Options{Dir: dir, Now: testdb.Now})

	copies, err := backup.Copies(dir, db)
	if err != nil {
		t.Fatal(err)
	}
	type seen struct {
		Name    string
		Made    time.Time
		Vouched bool
	}
	var got []seen
	for _, c := range copies {
		got = append(got, seen{filepath.Base(c.Path), c.Made.UTC(), c.Err == nil})
		if want := errors.Is(c.Err, backup.ErrMismatch); want != (c.Path == spoiled) {
			t.Errorf("%s: %v", c.Path, c.Err)
		}
	}
	want := []seen{
		{"data-20250102T050405Z.db", testdb.Now.Add(2 * time.Hour), true},
		{"data-export.db", testdb.Now.Add(90 * time.Minute), false},
		{"data-20250102T040405Z.db", testdb.Now.Add(time.Hour), true},
		{"data-20250102T030405Z.db", testdb.Now, true},
		{"data-cut.db", testdb.Now.Add(-time.Hour), false},
		{"elsewhere.db", testdb.Now.Add(-2 * time.Hour), true},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	beside, err := backup.Copies(filepath.Dir(db), db)
	if err != nil || len(beside) != 0 {
		t.Errorf("the database itself is listed as its own backup: %v, %v", beside, err)
	}
}
