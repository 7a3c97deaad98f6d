//go:build unix

package command

import (
	"bytes"
	"context"
	"strings"
	"syscall"
	"testing"
	"time"
)

// TestPipes gives seedkit pipes that nobody writes to. A script may come from a pipe, and ^C ends
// the wait for its writer. A database or a migration to edit cannot be a pipe.
func TestPipes(t *testing.T) {
	tests := []struct {
		line string
		code int
		want string // in standard error
	}{
		{"extract pipe", exitInterrupted, "error: interrupted"},
		{"apply pipe --to app.db --yes", exitInterrupted, "error: interrupted"},
		{"gen --schema pipe", exitInterrupted, "error: interrupted"},
		{"gen --schema pipe.sql", exitInterrupted, "error: interrupted"},
		{"extract app.db --baseline pipe", exitInterrupted, "error: interrupted"},
		{"dump pipe", exitRefused, "error: pipe is not a regular file"},
		{"backup pipe", exitRefused, "error: pipe is not a regular file"},
		{"verify pipe --allow-unverified", exitRefused, "error: pipe is not a regular file"},
		{"apply app.db --to pipe --yes", exitRefused, "error: pipe is not a regular file"},
		{"extract app.db --into pipe.sql", exitRefused, "error: pipe.sql is not a regular file"},
		{"extract app.db --into pipe", exitRefused, "error: pipe is not a regular file"},
	}
	dir := t.TempDir()
	t.Chdir(dir)
	do(t, dir, "gen", "--set", "reference", "-o", "app.db")
	for _, name := range []string{"pipe", "pipe.sql"} {
		if err := syscall.Mkfifo(name, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, tt := range tests {
		t.Run(tt.line, func(t *testing.T) {
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			if tt.code == exitInterrupted {
				defer time.AfterFunc(50*time.Millisecond, cancel).Stop()
			}
			var stdout, stderr bytes.Buffer
			code := run(ctx, strings.Fields(tt.line), strings.NewReader(""), &stdout, &stderr)
			if code != tt.code || !strings.Contains(stderr.String(), tt.want) {
				t.Errorf("exit code %d, want %d\n%swant %s", code, tt.code, &stderr, tt.want)
			}
		})
	}
}
