package apply_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"

	"github.com/seedkit/seedkit/apply"
	"github.com/seedkit/seedkit/internal/sqlite"
	"github.com/seedkit/seedkit/internal/testdb"
)

// TestRunAsksLiteFSForTheCommit holds that rows are inserted only if LiteFS has taken the
// transaction.
func TestRunAsksLiteFSForTheCommit(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Write([]byte(`{"isPrimary": true}`))
	}))
	defer server.Close()
	const before, next = "00000000000000ab/c51f7a0e12345678", "00000000000000ac/0123456789abcdef"
	for _, after := range []string{next, before} {
		for _, mode := range []string{"wal", "delete"} {
			t.Run(mode+", "+after, func(t *testing.T) {
				db := testdb.Make(t, mode, testdb.Users)
				show := func(position string) {
					if err := os.WriteFile(db+"-pos", []byte(position+"\n"), 0o600); err != nil {
						t.Fatal(err)
					}
				}
				show(before)
				result, err := script(t, db, newUser, apply.Options{
					LiteFSURL: server.URL, BackupDir: t.TempDir(),
					Progress: func(p apply.Progress) {
						if p.Stage == apply.Inserting {
							show(after) // after the lock is taken, before the commit
						}
					},
				})
				if result.Plan.LiteFSPosition != before || result.Backup.LiteFSPosition != before {
					t.Errorf("planned at %q, backed up at %q",
						result.Plan.LiteFSPosition, result.Backup.LiteFSPosition)
				}
				if after == next {
					if err != nil || result.LiteFSPosition != next {
						t.Errorf("got %v at position %q", err, result.LiteFSPosition)
					}
					return
				}
				if _, ok := errors.AsType[*apply.UncertainError](err); !ok || result.Inserted != 0 {
					t.Errorf("inserted %d rows, got %v", result.Inserted, err)
				}
			})
		}
	}
}

// TestInterruptedAfterTheCommit holds that an interrupt after the commit reports the commit.
func TestInterruptedAfterTheCommit(t *testing.T) {
	db := testdb.Make(t, "wal", testdb.Users)
	ctx, cancel := context.WithCancel(t.Context())
	_, err := apply.Run(ctx, "seed.sql", db, apply.Options{
		Script: strings.NewReader(newUser), Now: testdb.Now, BackupDir: t.TempDir(),
		Progress: func(p apply.Progress) {
			if p.Stage == apply.Verifying {
				cancel()
			}
		},
	})
	want := db + " was written, but the check after it did not succeed: interrupted"
	if !errors.Is(err, apply.ErrCommitted) || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}

// TestRunWaitsForReaders holds that nothing changes if a reader keeps the commit from its lock:
// that error is no uncertain one.
func TestRunWaitsForReaders(t *testing.T) {
	db := testdb.Make(t, "delete", testdb.Users)
	reader := testdb.Connect(t, db, sqlite.ReadOnly)
	testdb.Execute(t, reader, "BEGIN; SELECT * FROM User")
	_, err := script(t, db, newUser, apply.Options{BusyTimeout: 1, BackupDir: t.TempDir()})
	if _, uncertain := errors.AsType[*apply.UncertainError](err); uncertain ||
		!sqlite.Is(err, sqlite.Busy) {
		t.Errorf("got %v", err)
	}
	reader.Rollback()
	if got := query(t, db, "SELECT count(*) FROM User"); got != "2\n" {
		t.Errorf("the target has %s users", got)
	}
}
