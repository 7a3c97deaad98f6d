//go:build unix

package goprogram

import (
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// TestCacheFolders checks that programs are deleted when nobody has used them for 30 days, and no
// others.
func TestCacheFolders(t *testing.T) {
	setCache(t)
	now := time.Now()
	out, work, err := cacheFolders("/app/seed", now)
	if err != nil {
		t.Fatal(err)
	}
	programs := filepath.Dir(out)
	for name, age := range map[string]time.Duration{
		"unused": 31 * 24 * time.Hour, "used": 29 * 24 * time.Hour, "old-half": time.Hour,
	} {
		folder := filepath.Join(programs, name)
		if err := os.MkdirAll(folder, 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(folder, "program"), nil, 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(folder, now, now.Add(-age)); err != nil {
			t.Fatal(err)
		}
	}
	killed := filepath.Join(out, "work-killed")
	if err := os.Mkdir(killed, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.Chtimes(killed, now, now.Add(-25*time.Hour)); err != nil {
		t.Fatal(err)
	}
	again, work2, err := cacheFolders("/app/seed", now)
	if err != nil || again != out || work2 == work {
		t.Fatalf("got %s, %s, %v", again, work2, err)
	}
	left := []string{filepath.Base(out), "lock", "used"}
	if diff := cmp.Diff(left, names(t, programs)); diff != "" {
		t.Error(diff)
	}
	want := []string{filepath.Base(work), filepath.Base(work2)}
	if work2 < work {
		want[0], want[1] = want[1], want[0]
	}
	if diff := cmp.Diff(want, names(t, out)); diff != "" {
		t.Error(diff)
	}
}

// TestCacheFoldersAtOnce lets many builds begin at once, some of a program that is old enough to be
// deleted. Each must find its folders.
func TestCacheFoldersAtOnce(t *testing.T) {
	setCache(t)
	now := time.Now()
	for range 20 {
		out, _, err := cacheFolders("/app/seed", now)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(out, now, now.Add(-2*unusedFor)); err != nil {
			t.Fatal(err)
		}
		var wait sync.WaitGroup
		for range 8 {
			wait.Go(func() {
				_, work, err := cacheFolders("/app/seed", now)
				if err == nil {
					err = os.WriteFile(filepath.Join(work, "x"), nil, 0o600)
				}
				if err != nil {
					t.Error(err)
				}
			})
		}
		wait.Wait()
	}
}

func names(t *testing.T, folder string) (names []string) {
	t.Helper()
	entries, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names
}

// setCache gives the test a cache of its own.
func setCache(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("XDG_CACHE_HOME", dir)
	t.Setenv("HOME", dir) // of macOS
}
