package schema_test

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"testing"
	"time"

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

// TestOpenScriptNoticesChanges writes to a script while it is read.
func TestOpenScriptNoticesChanges(t *testing.T) {
	for name, change := range map[string]func(path string) error{
		"longer": func(path string) error { return os.WriteFile(path, []byte("SELECT 1;;"), 0) },
		"other": func(path string) error {
			return errors.Join(os.WriteFile(path, []byte("SELECT 2;"), 0),
				os.Chtimes(path, time.Time{}, time.Now().Add(time.Second)))
		},
		"shorter":   func(path string) error { return os.Truncate(path, 3) },
		"unchanged": func(path string) error { return os.Chmod(path, 0o400) },
		"replaced": func(path string) error {
			return errors.Join(os.WriteFile(path+".new", nil, 0o600), os.Rename(path+".new", path))
		},
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "seed.sql")
			if err := os.WriteFile(path, []byte("SELECT 1;"), 0o600); err != nil {
				t.Fatal(err)
			}
			f, err := schema.OpenScript(t.Context(), path)
			if err != nil {
				t.Fatal(err)
			}
			defer f.Close()
			if _, err := f.Read(make([]byte, 4)); err != nil {
				t.Fatal(err)
			}
			if err := change(path); err != nil {
				t.Fatal(err)
			}
			_, err = io.ReadAll(f)
			whole := name == "unchanged" || name == "replaced" // the opened file is as it was
			if errors.Is(err, schema.ErrScriptChanged) == whole || whole && err != nil {
				t.Errorf("got %v", err)
			}
		})
	}
}
