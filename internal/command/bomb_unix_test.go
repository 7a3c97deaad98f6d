//go:build unix

package command

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// TestBombInterrupted lets short statements become long rows, and sends ^C before the script ends.
// The verb ends, and leaves nothing.
func TestBombInterrupted(t *testing.T) {
	row := "'a'"
	for range 7 {
		row = "replace(" + row + ",'a','aaaaaaaaaa')" // 10 MB
	}
	for _, line := range []string{
		"apply - --to app.db --yes", "extract - --schema app.db", "extract - --schema app.db -o x",
	} {
		t.Run(line, func(t *testing.T) {
			t.Setenv("TMPDIR", t.TempDir())
			dir := t.TempDir()
			db := filepath.Join(dir, "app.db")
			execScript(t, db, "CREATE TABLE t(id INTEGER PRIMARY KEY, v TEXT)")
			before := dumpOf(t, dir, "app.db")
			cmd := seedkit(t, dir, strings.Fields(line)...)
			stdin, err := cmd.StdinPipe()
			if err != nil {
				t.Fatal(err)
			}
			defer stdin.Close()
			how := end(t, cmd, func() error {
				if err := cmd.Start(); err != nil {
					return err
				}
				// The pipe takes no more than this before seedkit reads.
				for range 2000 {
					if _, err := io.WriteString(stdin, strings.Repeat("-", 99)+"\n"); err != nil {
						return err
					}
				}
				for i := range 300 {
					_, err := fmt.Fprintf(stdin, "INSERT INTO t VALUES(%d,%s);\n", i, row)
					if err != nil {
						return err
					}
				}
				time.Sleep(100 * time.Millisecond)
				if err := cmd.Process.Signal(syscall.SIGINT); err != nil {
					return err
				}
				return cmd.Wait()
			})
			if how.code != exitInterrupted || !strings.HasSuffix(how.stderr, ": interrupted\n") {
				t.Errorf("exit code %d\n%s", how.code, how.stderr)
			}
			if got := dumpOf(t, dir, "app.db"); got != before {
				t.Error("the database is changed")
			}
			left := append(entries(t, dir), entries(t, os.Getenv("TMPDIR"))...)
			if len(left) != 1 {
				t.Errorf("left behind: %q", left)
			}
		})
	}
}
