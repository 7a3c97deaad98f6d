package schema_test

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"testing"

	"github.com/seedkit/seedkit/internal/schema"
)

// TestOpenScriptEnds checks that reading ends with the context, before and after a seek.
func TestOpenScriptEnds(t *testing.T) {
	path := filepath.Join(t.TempDir(), "seed.sql")
	if err := os.WriteFile(path, []byte("SELECT 1;"), 0o600); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	f, err := schema.OpenScript(ctx, path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	cancel()
	for err == nil { // until the file is closed
		_, err = f.Read(make([]byte, 1))
		if err == io.EOF {
			_, err = f.(io.Seeker).Seek(0, io.SeekStart)
		}
	}
	if !errors.Is(err, context.Canceled) {
		t.Errorf("reading ends with %v", err)
	}
	if _, err := f.(io.Seeker).Seek(0, io.SeekStart); !errors.Is(err, context.Canceled) {
		t.Errorf("going back ends with %v", err)
	}
}
