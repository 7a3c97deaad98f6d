package backup_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seedkit/seedkit/backup"
	"github.com/seedkit/seedkit/internal/testdb"
)

const (
	position = "00000000000000ab/c51f7a0e12345678"
	next     = "00000000000000ac/0123456789abcdef"
)

// liteFSMoves returns a Progress that sets the position of LiteFS while pages are restored, which
// is after the write lock is taken and before the commit.
func liteFSMoves(t *testing.T, db, position string) func(backup.Progress) {
	return func(p backup.Progress) {
		if p.Stage == backup.Restoring {
			showFile(t, db, "data.db-pos", position)
		}
	}
}

// showFile writes a file beside the database, as LiteFS does.
func showFile(t *testing.T, db, name, text string) {
	t.Helper()
	path := filepath.Join(filepath.Dir(db), name)
	if err := os.WriteFile(path, []byte(text+"\n"), 0o666); err != nil {
		t.Fatal(err)
	}
}

func TestBackupRecordsTheLiteFSPosition(t *testing.T) {
	db := testdb.Make(t, "wal", testdb.Users)
	showFile(t, db, "data.db-pos", position)
	m := backUp(t, db, backup.Options{Dir: t.TempDir()})
	if m.LiteFSPosition != position {
		t.Errorf("got %q, want %q", m.LiteFSPosition, position)
	}
}

func TestBackupRefusesTheLiteFSFolder(t *testing.T) {
	for _, file := range []string{"data.db-pos", ".primary"} {
		db := testdb.Make(t, "wal", testdb.Users)
		showFile(t, db, file, position)
		link := filepath.Join(t.TempDir(), "link.db")
		if err := os.Symlink(db, link); err != nil {
			t.Skip(err)
		}
		before := testdb.Files(t, filepath.Dir(db))
		inside := filepath.Join(filepath.Dir(db), "x.db")
		for _, test := range []struct {
			db   string
			opts backup.Options
		}{
			{db: db},
			{db, backup.Options{Path: inside}},
			{db, backup.Options{Dir: filepath.Join(inside, "new")}},
			{link, backup.Options{Path: inside}},
		} {
			_, err := backup.Make(t.Context(), test.db, test.opts)
			e, ok := errors.AsType[*backup.LiteFSFolderError](err)
			if !ok || e.Dir != filepath.Dir(db) {
				t.Errorf("%s: %v", file, err)
			}
		}
		if diff := cmp.Diff(before, testdb.Files(t, filepath.Dir(db))); diff != "" {
			t.Error(diff)
		}
	}
}

func TestRestoreOnLiteFS(t *testing.T) {
	const (
		primary    = `{"isPrimary": true, "primary": {"hostname": "here"}}`
		replica    = `{"isPrimary": false, "primary": {"hostname": "there"}}`
		leaderless = `{"isPrimary": false, "primary": {}}`
		silent     = "DB is in LiteFS, which does not say whether this is the primary: "
	)
	tests := []struct {
		title, file, answer string
		status              int
		want                string // "" if the restore is done
	}{
		{"primary", "data.db-pos", primary, 200, ""},
		{"replica", ".primary", primary, 200,
			"DB is a LiteFS replica; the primary is 00000000000000ab/c51f7a0e12345678"},
		{"replica that is not connected", "data.db-pos", replica, 200,
			"DB is a LiteFS replica; the primary is there"},
		{"no leader", "data.db-pos", leaderless, 200,
			"DB is in LiteFS, which has no primary at present"},
		{"an error", "data.db-pos", primary, 500,
			silent + "ask URL/info: 500 Internal Server Error"},
		{"no LiteFS", "data.db-pos", "<html>", 200, silent + "read the answer of URL/info: " +
			"invalid character '<' looking for beginning of value"},
	}
	for _, test := range tests {
		t.Run(test.title, func(t *testing.T) {
			answer := func(w http.ResponseWriter, r *http.Request) {
				if r.URL.Path != "/info" || r.Method != http.MethodGet {
					t.Errorf("asked %s %s", r.Method, r.URL)
				}
				w.WriteHeader(test.status)
				w.Write([]byte(test.answer))
			}
			server := httptest.NewServer(http.HandlerFunc(answer))
			defer server.Close()
			r := changedSinceBackup(t, "wal")
			showFile(t, r.db, test.file, position)
			before := testdb.Content(t, r.db)
			err := restore(t, r.backup, r.db, backup.RestoreOptions{
				BackupDir: r.backups, LiteFSURL: server.URL,
				Progress: liteFSMoves(t, r.db, next),
			})
			if test.want == "" {
				if err != nil {
					t.Error(err)
				}
				return
			}
			if !isA[*backup.ReplicaError](err) {
				t.Fatalf("got %v", err)
			}
			places := strings.NewReplacer(r.db, "DB", server.URL, "URL")
			if diff := cmp.Diff(test.want, places.Replace(err.Error())); diff != "" {
				t.Error(diff)
			}
			if diff := cmp.Diff(before, testdb.Content(t, r.db)); diff != "" {
				t.Errorf("content: %s", diff)
			}
			if got := testdb.Files(t, r.backups); len(got) > 0 {
				t.Errorf("left behind: %v", got)
			}
		})
	}
}

func TestRestoreWithoutAnswerOfLiteFS(t *testing.T) {
	server := httptest.NewServer(http.NotFoundHandler())
	server.Close()
	r := changedSinceBackup(t, "wal")
	showFile(t, r.db, "data.db-pos", position)
	err := restore(t, r.backup, r.db, backup.RestoreOptions{
		BackupDir: r.backups, LiteFSURL: server.URL,
	})
	if e, ok := errors.AsType[*backup.ReplicaError](err); !ok || e.Err == nil {
		t.Errorf("got %v", err)
	}
}

func TestRestoreWantsAFolderOutsideLiteFS(t *testing.T) {
	answer := func(w http.ResponseWriter, r *http.Request) {
		w.Write([]byte(`{"isPrimary": true}`))
	}
	server := httptest.NewServer(http.HandlerFunc(answer))
	defer server.Close()
	r := changedSinceBackup(t, "wal")
	showFile(t, r.db, "data.db-pos", position)
	err := restore(t, r.backup, r.db, backup.RestoreOptions{LiteFSURL: server.URL})
	if !isA[*backup.LiteFSFolderError](err) {
		t.Errorf("got %v", err)
	}
}
