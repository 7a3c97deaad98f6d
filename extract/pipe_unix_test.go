//go:build unix

package extract_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/seedkit/seedkit/extract"
)

// TestPipe reads a script from a named pipe, which can be read only once, as <(…) in a shell.
func TestPipe(t *testing.T) {
	const streamable = "CREATE TABLE t(id INTEGER PRIMARY KEY, a);\n" +
		"INSERT INTO t VALUES(1,'one');\nINSERT INTO t VALUES(2,2);\n"
	tests := []struct {
		name, script string
		opts         extract.Options
	}{
		{"streamed", streamable, extract.Options{NoProof: true}},
		{"streamed and proven", streamable, extract.Options{}},
		{"replayed", streamable + "INSERT INTO t VALUES(0,0);\n", extract.Options{}},
		{"not to be streamed", streamable, extract.Options{OnConflict: extract.Skip}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			file, pipe := filepath.Join(t.TempDir(), "seed.sql"), filepath.Join(t.TempDir(), "pipe")
			if err := os.WriteFile(file, []byte(test.script), 0o600); err != nil {
				t.Fatal(err)
			}
			if err := syscall.Mkfifo(pipe, 0o600); err != nil {
				t.Fatal(err)
			}
			go os.WriteFile(pipe, []byte(test.script), 0)
			var want, got bytes.Buffer
			if _, err := extract.Write(t.Context(), &want, file, test.opts); err != nil {
				t.Fatal(err)
			}
			if _, err := extract.Write(t.Context(), &got, pipe, test.opts); err != nil {
				t.Fatal(err)
			}
			if got.String() != want.String() {
				t.Errorf("got %q, want %q", got.String(), want.String())
			}
		})
	}
}

// TestPipeThatWaits ends an extraction that reads from a pipe to which nobody writes.
func TestPipeThatWaits(t *testing.T) {
	for _, opts := range []extract.Options{{}, {NoProof: true}, {OnConflict: extract.Skip}} {
		pipe := filepath.Join(t.TempDir(), "pipe")
		if err := syscall.Mkfifo(pipe, 0o600); err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		go func() {
			f, err := os.OpenFile(pipe, os.O_WRONLY, 0)
			if err != nil {
				t.Error(err)
				return
			}
			defer f.Close()
			f.WriteString("CREATE TABLE t(a);\n")
			cancel()
			<-t.Context().Done()
		}()
		if _, err := extract.Write(ctx, io.Discard, pipe, opts); !errors.Is(err, context.Canceled) {
			t.Errorf("%+v: got %v", opts, err)
		}
	}
}
