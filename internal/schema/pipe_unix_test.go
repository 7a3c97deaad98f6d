//go:build unix

package schema_test

import (
	"context"
	"errors"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/seedkit/seedkit/internal/schema"
)

// TestOpenScriptWaitsForNobody has a context that ends while the pipe waits for a writer.
func TestOpenScriptWaitsForNobody(t *testing.T) {
	path := filepath.Join(t.TempDir(), "pipe")
	if err := syscall.Mkfifo(path, 0o600); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	defer time.AfterFunc(20*time.Millisecond, cancel).Stop()
	if _, err := schema.OpenScript(ctx, path); !errors.Is(err, context.Canceled) {
		t.Errorf("opening ends with %v, want %v", err, context.Canceled)
	}
	for _, read := range []func(context.Context, string) (schema.Source, error){
		schema.ReadSource, schema.ReadAppSource,
	} {
		ctx, cancel := context.WithCancel(t.Context())
		defer time.AfterFunc(20*time.Millisecond, cancel).Stop()
		if _, err := read(ctx, path); !errors.Is(err, context.Canceled) {
			t.Errorf("reading ends with %v, want %v", err, context.Canceled)
		}
	}
}
