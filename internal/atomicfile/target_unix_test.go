//go:build unix

package atomicfile_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/seedkit/seedkit/internal/atomicfile"
)

func TestSymbolicLinksAreFollowed(t *testing.T) {
	tests := []struct {
		title string
		links map[string]string
		files map[string]string
		want  map[string]string
	}{
		{"to a file", map[string]string{"link": "seed.sql"}, map[string]string{"seed.sql": "old"},
			map[string]string{"link": "-> seed.sql", "seed.sql": "new"}},
		{"to a link", map[string]string{"link": "other", "other": "seed.sql"},
			map[string]string{"seed.sql": "old"},
			map[string]string{"link": "-> other", "other": "-> seed.sql", "seed.sql": "new"}},
		{"to nowhere yet", map[string]string{"link": "other", "other": "seed.sql"}, nil,
			map[string]string{"link": "-> other", "other": "-> seed.sql", "seed.sql": "new"}},
	}
	for _, tt := range tests {
		t.Run(tt.title, func(t *testing.T) {
			dir := directory(t, tt.files)
			for name, to := range tt.links {
				link(t, to, filepath.Join(dir, name))
			}
			f := create(t, filepath.Join(dir, "link"), 0o666)
			write(t, f, "new")
			if err := f.Commit(); err != nil {
				t.Fatal(err)
			}
			compare(t, dir, tt.want)
		})
	}
}

// The parent of a linked directory is not the directory that holds the link.
func TestParentOfALinkedDirectory(t *testing.T) {
	dir, elsewhere := directory(t, nil), directory(t, nil)
	if err := os.Mkdir(filepath.Join(elsewhere, "inner"), 0o777); err != nil {
		t.Fatal(err)
	}
	link(t, filepath.Join(elsewhere, "inner"), filepath.Join(dir, "link"))
	f := create(t, dir+"/link/../seed.sql", 0o666)
	write(t, f, "new")
	if err := f.Commit(); err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile(filepath.Join(elsewhere, "seed.sql"))
	if err != nil || string(got) != "new" {
		t.Errorf("the file reads %q, %v, want %q", got, err, "new")
	}
}

func TestPermissions(t *testing.T) {
	old := syscall.Umask(0o027)
	defer syscall.Umask(old)
	tests := []struct {
		title string
		old   fs.FileMode // 0: no file
		perm  fs.FileMode
		want  fs.FileMode
	}{
		{"a new file, less the umask", 0, 0o666, 0o640},
		{"a new file for the owner alone", 0, 0o600, 0o600},
		{"an old file's are kept", 0o600, 0o666, 0o600},
		{"an old file's are kept whatever the umask", 0o666, 0o600, 0o666},
	}
	for _, tt := range tests {
		t.Run(tt.title, func(t *testing.T) {
			dir := directory(t, nil)
			path := filepath.Join(dir, "seed.sql")
			if tt.old != 0 {
				err := errors.Join(os.WriteFile(path, nil, 0o600), os.Chmod(path, tt.old))
				if err != nil {
					t.Fatal(err)
				}
			}
			f := create(t, path, tt.perm)
			write(t, f, "new")
			permissions(t, filepath.Join(dir, ".seed.sql.tmp0"), tt.want)
			if err := f.Commit(); err != nil {
				t.Fatal(err)
			}
			permissions(t, path, tt.want)
		})
	}
}

func TestReadOnlyFileIsRefused(t *testing.T) {
	if os.Geteuid() == 0 {
		t.Skip("root may write every file")
	}
	path := filepath.Join(directory(t, map[string]string{"seed.sql": "old"}), "seed.sql")
	if err := os.Chmod(path, 0o444); err != nil {
		t.Fatal(err)
	}
	if _, err := atomicfile.Create(path, 0o666); !errors.Is(err, fs.ErrPermission) {
		t.Errorf("Create: %v, want %v", err, fs.ErrPermission)
	}
}

func TestIrregularFilesAreWrittenDirectly(t *testing.T) {
	dir := directory(t, nil)
	fifo := filepath.Join(dir, "fifo")
	if err := syscall.Mkfifo(fifo, 0o666); err != nil {
		t.Fatal(err)
	}
	read := make(chan string)
	go func() {
		content, _ := os.ReadFile(fifo)
		read <- string(content)
	}()
	f := create(t, fifo, 0o666)
	write(t, f, "new")
	if err := f.Commit(); err != nil {
		t.Fatal(err)
	}
	if got, want := <-read, "new"; got != want {
		t.Errorf("the pipe's reader got %q, want %q", got, want)
	}
	if info, err := os.Lstat(fifo); err != nil || info.Mode().Type() != fs.ModeNamedPipe {
		t.Errorf("the pipe became %v, %v", info, err)
	}

	null := create(t, os.DevNull, 0o666)
	write(t, null, "new")
	if err := null.Close(); err != nil {
		t.Errorf("Close: %v", err)
	}
	if info, err := os.Stat(os.DevNull); err != nil || info.Mode().IsRegular() {
		t.Errorf("%s became %v, %v", os.DevNull, info, err)
	}
}

func TestFullDevice(t *testing.T) {
	const full = "/dev/full"
	if _, err := os.Stat(full); err != nil {
		t.Skip(err)
	}
	f := create(t, full, 0o666)
	if _, err := f.Write([]byte("new")); !errors.Is(err, syscall.ENOSPC) {
		t.Errorf("Write: %v, want %v", err, syscall.ENOSPC)
	}
	if err := f.Commit(); !errors.Is(err, syscall.ENOSPC) {
		t.Errorf("Commit: %v, want %v", err, syscall.ENOSPC)
	}
}

func link(t *testing.T, to, path string) {
	t.Helper()
	if err := os.Symlink(to, path); err != nil {
		t.Fatal(err)
	}
}

func permissions(t *testing.T, path string, want fs.FileMode) {
	t.Helper()
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	if got := info.Mode().Perm(); got != want {
		t.Errorf("permissions of %s are %v, want %v", filepath.Base(path), got, want)
	}
}
