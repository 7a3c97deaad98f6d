package sqlite_test

import (
	"errors"
	"fmt"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seedkit/seedkit/internal/sqlite"
)

func TestOverwrite(t *testing.T) {
	for _, mode := range []string{"wal", "delete"} {
		for _, written := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s written=%v", mode, written), func(t *testing.T) {
				dir := t.TempDir()
				path := filepath.Join(dir, "live.db")
				other := open(t, path, sqlite.Create)
				exec(t, other,
					"PRAGMA journal_mode="+mode+"; CREATE TABLE t(x); INSERT INTO t VALUES('old')")
				src := open(t, filepath.Join(dir, "copy.db"), sqlite.Create)
				exec(t, src, "CREATE TABLE t(x); INSERT INTO t VALUES('new')")

				dst := open(t, path, sqlite.ReadWrite)
				exec(t, dst, "BEGIN IMMEDIATE")
				version, err := dst.DataVersion()
				if err != nil {
					t.Fatal(err)
				}
				dst.Rollback()
				want, wantErr := "new", error(nil)
				if written {
					exec(t, other, "UPDATE t SET x = 'newer'")
					want, wantErr = "newer", sqlite.ErrOutdated
				}
				locked := false
				lock := func() error { locked = true; return nil }
				if err := sqlite.Overwrite(dst, src, version, lock, nil); !errors.Is(err, wantErr) {
					t.Errorf("Overwrite: %v, want %v", err, wantErr)
				}
				if locked != (wantErr == nil) {
					t.Errorf("locked was called: %v", locked)
				}
				v, err := other.Value("SELECT x FROM t")
				if err != nil {
					t.Fatal(err)
				}
				j, err := other.Value("PRAGMA journal_mode")
				if err != nil {
					t.Fatal(err)
				}
				if diff := cmp.Diff([]string{want, mode},
					[]string{v.Data(), j.Data()}); diff != "" {
					t.Error(diff)
				}
			})
		}
	}
}
