package backup_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/seedkit/seedkit/backup"
	"github.com/seedkit/seedkit/internal/sqlite"
	"github.com/seedkit/seedkit/internal/testdb"
	"github.com/seedkit/seedkit/internal/testhook"
)

func backUp(t *testing.T, db string, opts backup.Options) backup.Manifest {
	t.Helper()
	m, err := backup.Make(t.Context(), db, opts)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// query returns the first column of each row of a query, one row per line.
func query(t *testing.T, db, sql string) string {
	t.Helper()
	return testdb.Text(t, testdb.Connect(t, db, sqlite.ReadOnly), sql)
}

func TestBackup(t *testing.T) {
	for _, mode := range []string{"wal", "delete"} {
		t.Run(mode, func(t *testing.T) {
			db := testdb.Make(t, mode, testdb.Users)
			app := testdb.Connect(t, db, sqlite.ReadWrite)
			testdb.Execute(t, app, "INSERT INTO log VALUES('in the wal')")
			before := testdb.Files(t, filepath.Dir(db))

			m := backUp(t, db, backup.Options{Now: testdb.Now})

			dir, name := filepath.Dir(db), "data-20250102T030405Z.db"
			path := filepath.Join(dir, name)
			wantFiles := append([]string{name, name + ".json"}, before...)
			if diff := cmp.Diff(wantFiles, testdb.Files(t, dir)); diff != "" {
				t.Errorf("files: %s", diff)
			}
			file, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			sum := sha256.Sum256(file)
			want := backup.Manifest{
				Path: path, Format: 2, Created: testdb.Now, Source: db,
				PageSize: 4096, PageCount: int64(len(file) / 4096),
				SHA256: hex.EncodeToString(sum[:]),
				Tables: []backup.TableRows{
					{Name: "User", Rows: 2}, {Name: "Note", Rows: 8},
					{Name: "sqlite_sequence", Rows: 1}, {Name: "log", Rows: 4},
				},
				UserVersion: 7, ApplicationID: 99, JournalMode: mode,
				Integrity: backup.Integrity{SQLite: sqlite.Version()},
			}
			hashes := cmpopts.IgnoreFields(backup.Manifest{}, "SchemaHash", "Digest")
			if diff := cmp.Diff(want, m, hashes); diff != "" {
				t.Errorf("manifest: %s", diff)
			}
			read, err := backup.ReadManifest(path)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(m, read); diff != "" {
				t.Errorf("manifest in the file: %s", diff)
			}
			for _, name := range []string{path, backup.ManifestPath(path)} {
				if got := permissions(t, name); got != 0o600 {
					t.Errorf("%s has permissions %v", name, got)
				}
			}
			copied := strings.ReplaceAll(testdb.Content(t, path), "delete", mode)
			if diff := cmp.Diff(testdb.Content(t, db), copied); diff != "" {
				t.Errorf("content: %s", diff)
			}
			const schemaVersion = "PRAGMA schema_version"
			got, version := query(t, path, schemaVersion), testdb.Text(t, app, schemaVersion)
			if got != version {
				t.Errorf("schema version %s, want %s", got, version)
			}
			if diff := cmp.Diff(wantFiles, testdb.Files(t, dir)); diff != "" {
				t.Errorf("files after reading the backup: %s", diff)
			}
		})
	}
}

func permissions(t *testing.T, path string) fs.FileMode {
	t.Helper()
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	return info.Mode().Perm()
}

func TestBackupOfEveryKindOfDatabase(t *testing.T) {
	tests := []struct{ title, sql string }{
		{"small pages", "PRAGMA page_size = 512"},
		{"large pages", "PRAGMA page_size = 65536"},
		{"utf-16", "PRAGMA encoding = 'UTF-16be'"},
		{"auto_vacuum", "PRAGMA auto_vacuum = FULL"},
		{"incremental vacuum", "PRAGMA auto_vacuum = INCREMENTAL"},
		{"tables of every kind", `
			CREATE VIRTUAL TABLE search USING fts5(line); INSERT INTO search VALUES('found');
			CREATE TABLE keyed(a, b, PRIMARY KEY(b, a)) WITHOUT ROWID;
			INSERT INTO keyed VALUES(1, 2);
			CREATE TABLE "odd ""name"(x INT, y AS (x + 1), z AS (x + 2) STORED);
			INSERT INTO "odd ""name" VALUES(1);
			CREATE VIEW v AS SELECT 1;
			CREATE TRIGGER r AFTER INSERT ON keyed BEGIN SELECT 1; END; ANALYZE`},
	}
	for _, test := range tests {
		for _, mode := range []string{"wal", "delete"} {
			t.Run(test.title+" "+mode, func(t *testing.T) {
				path := filepath.Join(t.TempDir(), "we?ird #%20'.db")
				app := testdb.Connect(t, path, sqlite.Create)
				testdb.Execute(t, app, test.sql+"; PRAGMA journal_mode = "+mode+";"+
					testdb.Users+"DELETE FROM Note WHERE id < 5")
				m := backUp(t, path, backup.Options{})
				copied := strings.ReplaceAll(testdb.Content(t, m.Path), "delete", mode)
				if diff := cmp.Diff(testdb.Text(t, app, testdb.Everything), copied); diff != "" {
					t.Error(diff)
				}
				if err := verify(t, m.Path, backup.VerifyOptions{Against: path}); err != nil {
					t.Error(err)
				}
			})
		}
	}
}

func TestBackupNames(t *testing.T) {
	db := testdb.Make(t, "delete", testdb.Users)
	other := t.TempDir()
	folders := strings.NewReplacer(filepath.Dir(db), "DIR", other, "OTHER")
	var got []string
	for _, opts := range []backup.Options{
		{Now: testdb.Now}, {Now: testdb.Now}, {Now: testdb.Now}, {}, {},
		{Dir: other, Now: testdb.Now},
		{Path: filepath.Join(other, "mine.sqlite"), Dir: "ignored"},
	} {
		got = append(got, folders.Replace(backUp(t, db, opts).Path))
	}
	want := []string{
		"DIR/data-20250102T030405Z.db",
		"DIR/data-20250102T030405Z-2.db", "DIR/data-20250102T030405Z-3.db",
		"DIR/data-backup.db", "DIR/data-backup-2.db",
		"OTHER/data-20250102T030405Z.db",
		"OTHER/mine.sqlite",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestBackupNeverOverwrites(t *testing.T) {
	for _, taken := range []string{"x.db", "x.db.json"} {
		t.Run(taken, func(t *testing.T) {
			db := testdb.Make(t, "delete", testdb.Users)
			dir := t.TempDir()
			if err := os.WriteFile(filepath.Join(dir, taken), []byte("mine"), 0o666); err != nil {
				t.Fatal(err)
			}
			_, err := backup.Make(t.Context(), db, backup.Options{Path: filepath.Join(dir, "x.db")})
			if !errors.Is(err, fs.ErrExist) {
				t.Errorf("got %v", err)
			}
			if diff := cmp.Diff([]string{taken}, testdb.Files(t, dir)); diff != "" {
				t.Error(diff)
			}
		})
	}
	t.Run("a file that comes while the backup is made", func(t *testing.T) {
		db := testdb.Make(t, "delete", testdb.Users)
		path := filepath.Join(t.TempDir(), "x.db")
		onBackupWritten(t, func(string) {
			if err := os.WriteFile(path, []byte("mine"), 0o666); err != nil {
				t.Error(err)
			}
		})
		_, err := backup.Make(t.Context(), db, backup.Options{Path: path})
		if !errors.Is(err, fs.ErrExist) {
			t.Errorf("got %v", err)
		}
		if got, err := os.ReadFile(path); err != nil || string(got) != "mine" {
			t.Errorf("%s has %q, %v", path, got, err)
		}
	})
}

// onBackupWritten sets the hook until the end of the test.
func onBackupWritten(t *testing.T, hook func(path string)) {
	testhook.BackupWritten = hook
	t.Cleanup(func() { testhook.BackupWritten = nil })
}

func TestBackupRefuses(t *testing.T) {
	damaged := testdb.Make(t, "delete", testdb.Users)
	testdb.Change(t, damaged, `PRAGMA writable_schema = ON;
		UPDATE sqlite_schema SET rootpage = (SELECT rootpage FROM sqlite_schema WHERE name = 'User')
			WHERE name = 'Note'`)
	truncated := testdb.Make(t, "delete", testdb.Users)
	if err := os.Truncate(truncated, 4096); err != nil {
		t.Fatal(err)
	}
	write := func(name, text string) string {
		path := filepath.Join(t.TempDir(), name)
		if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
		return path
	}
	notes := write("notes.txt", strings.Repeat("these are my notes, they are no database. ", 99))
	isDamaged := isA[*backup.DamagedError]
	isCorrupt := func(err error) bool { return sqlite.Is(err, sqlite.Corrupt) || isDamaged(err) }
	tests := []struct {
		title, db string
		want      func(error) bool
	}{
		{"missing", filepath.Join(t.TempDir(), "none.db"), is(fs.ErrNotExist)},
		{"directory", t.TempDir(), is(sqlite.ErrIsDirectory)},
		{"empty", write("empty.db", ""), is(sqlite.ErrEmpty)},
		{"text", notes, func(err error) bool { return sqlite.Is(err, sqlite.NotADB) }},
		{"damaged", damaged, isDamaged},
		{"truncated", truncated, isCorrupt},
	}
	for _, test := range tests {
		t.Run(test.title, func(t *testing.T) {
			dir := t.TempDir()
			_, err := backup.Make(t.Context(), test.db, backup.Options{Dir: dir, Now: testdb.Now})
			if !test.want(err) {
				t.Errorf("got %v", err)
			}
			if got := testdb.Files(t, dir); len(got) > 0 {
				t.Errorf("left behind: %v", got)
			}
		})
	}
}

func TestBackupRecordsForeignKeyViolations(t *testing.T) {
	db := testdb.Make(t, "delete", testdb.Users+`
		INSERT INTO Note(owner) VALUES('nobody'), ('no one');
		CREATE TABLE unindexed(x); CREATE TABLE child(x REFERENCES unindexed(x));
		INSERT INTO child VALUES(1);`)
	m := backUp(t, db, backup.Options{})
	want := []backup.ForeignKeyViolation{
		{Table: "Note", Parent: "User", Rows: 2},
		{Table: "child", Problem: `foreign key mismatch - "child" referencing "unindexed"`},
	}
	if diff := cmp.Diff(want, m.ForeignKeyViolations); diff != "" {
		t.Error(diff)
	}
	if err := verify(t, m.Path, backup.VerifyOptions{}); err != nil {
		t.Error(err)
	}
}

func TestBackupFindsAFlippedBit(t *testing.T) {
	db := testdb.Make(t, "wal", testdb.Users)
	dir := t.TempDir()
	size := backUp(t, db, backup.Options{Dir: t.TempDir()}).PageCount * 4096
	for _, offset := range []int64{
		0, 17, 18, 23, 28, 40, 43, 60, 91, 100, 4095, 4096, size / 2, size - 1,
	} {
		onBackupWritten(t, func(path string) { testdb.FlipBit(t, path, offset) })
		_, err := backup.Make(t.Context(), db, backup.Options{Dir: dir})
		if !errors.Is(err, backup.ErrMismatch) {
			t.Errorf("offset %d: %v, want %v", offset, err, backup.ErrMismatch)
		}
	}
	for _, size := range []int64{size - 1, size + 1, 100} {
		onBackupWritten(t, func(path string) {
			if err := os.Truncate(path, size); err != nil {
				t.Error(err)
			}
		})
		_, err := backup.Make(t.Context(), db, backup.Options{Dir: dir})
		if !errors.Is(err, backup.ErrMismatch) {
			t.Errorf("%d bytes: %v, want %v", size, err, backup.ErrMismatch)
		}
	}
	if got := testdb.Files(t, dir); len(got) > 0 {
		t.Errorf("left behind: %v", got)
	}
}

func TestBackupHoldsNoWriterUpInWALMode(t *testing.T) {
	db := testdb.Make(t, "wal", testdb.Users)
	app := testdb.Connect(t, db, sqlite.ReadWrite)
	app.SetBusyTimeout(0)
	writes := 0
	m := backUp(t, db, backup.Options{Progress: func(backup.Progress) {
		testdb.Execute(t, app, "INSERT INTO log VALUES('written meanwhile')")
		writes++
	}})
	if writes == 0 {
		t.Error("no progress was reported")
	}
	if got := query(t, m.Path, "SELECT count(*) FROM log"); got != "3\n" {
		t.Errorf("the backup has %s rows of log, want the 3 that were there when it began", got)
	}
}

func TestBackupIsPrivateFromItsFirstByte(t *testing.T) {
	db := testdb.Make(t, "delete", testdb.Users)
	dir := t.TempDir()
	backUp(t, db, backup.Options{Dir: dir, Progress: func(backup.Progress) {
		for _, name := range testdb.Files(t, dir) {
			if got := permissions(t, filepath.Join(dir, name)); got != 0o600 {
				t.Errorf("%s has permissions %v", name, got)
			}
		}
	}})
}

func TestBackupCancelled(t *testing.T) {
	for _, stage := range []backup.Stage{
		backup.Copying, backup.Comparing, backup.Checking, backup.Counting,
	} {
		t.Run(string(stage), func(t *testing.T) {
			db := testdb.Make(t, "wal", testdb.Users)
			dir := t.TempDir()
			ctx, cancel := context.WithCancel(t.Context())
			cancelAt := func(p backup.Progress) {
				if p.Stage == stage {
					cancel()
				}
			}
			_, err := backup.Make(ctx, db, backup.Options{Dir: dir, Progress: cancelAt})
			if !errors.Is(err, context.Canceled) {
				t.Errorf("got %v", err)
			}
			if got := testdb.Files(t, dir); len(got) > 0 {
				t.Errorf("left behind: %v", got)
			}
		})
	}
}

func TestNeedSpace(t *testing.T) {
	err := backup.NeedSpace(t.TempDir(), 1<<62)
	if e, ok := errors.AsType[*backup.NoSpaceError](err); !ok || e.Free <= 0 || e.Need != 1<<62 {
		t.Errorf("got %v", err)
	}
}

func TestBackupLetsWritersInOncePagesAreCopied(t *testing.T) {
	db := testdb.Make(t, "delete", testdb.Users)
	app := testdb.Connect(t, db, sqlite.ReadWrite)
	app.SetBusyTimeout(0)
	got := map[backup.Stage]bool{}
	backUp(t, db, backup.Options{Progress: func(p backup.Progress) {
		got[p.Stage] = app.Exec("INSERT INTO log VALUES('written meanwhile')") == nil
	}})
	want := map[backup.Stage]bool{
		backup.Copying: false, backup.Comparing: true,
		backup.Checking: true, backup.Counting: true,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("could write: %s", diff)
	}
}
