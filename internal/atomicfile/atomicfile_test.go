package atomicfile_test

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seedkit/seedkit/internal/atomicfile"
	"github.com/seedkit/seedkit/internal/litefs"
)

// victim names the variable that turns the test binary into the process which TestKilled kills.
const victim = "ATOMICFILE_VICTIM"

func TestMain(m *testing.M) {
	if path := os.Getenv(victim); path != "" {
		writeAndWait(path)
	}
	os.Exit(m.Run())
}

// writeAndWait writes half of a file, prints the error, and waits to be killed.
func writeAndWait(path string) {
	f, err := atomicfile.Create(path, 0o666)
	if err == nil {
		_, err = f.Write([]byte("half of the new"))
	}
	fmt.Println(err)
	io.Copy(io.Discard, os.Stdin)
}

func TestCommit(t *testing.T) {
	tests := []struct {
		title string
		old   map[string]string
		path  string
		want  map[string]string
	}{
		{"a new file", nil, "seed.sql", map[string]string{"seed.sql": "new"}},
		{"over an old file", map[string]string{"seed.sql": "old and longer"}, "seed.sql",
			map[string]string{"seed.sql": "new"}},
		{"past the temporary file of a killed run", map[string]string{".seed.sql.tmp0": "half"},
			"seed.sql",
			map[string]string{".seed.sql.tmp0": "half", "seed.sql": "new"}},
	}
	for _, tt := range tests {
		t.Run(tt.title, func(t *testing.T) {
			dir := directory(t, tt.old)
			f := create(t, filepath.Join(dir, tt.path), 0o666)
			write(t, f, "ne")
			write(t, f, "w")
			if err := f.Commit(); err != nil {
				t.Fatal(err)
			}
			if err := f.Close(); err != nil {
				t.Errorf("Close after Commit: %v", err)
			}
			compare(t, dir, tt.want)
		})
	}
}

func TestCommitNothingWritten(t *testing.T) {
	dir := directory(t, map[string]string{"seed.sql": "old"})
	if err := create(t, filepath.Join(dir, "seed.sql"), 0o666).Commit(); err != nil {
		t.Fatal(err)
	}
	compare(t, dir, map[string]string{"seed.sql": ""})
}

func TestNothingOpenedBeforeTheFirstWrite(t *testing.T) {
	dir := directory(t, nil)
	f := create(t, filepath.Join(dir, "seed.sql"), 0o666)
	compare(t, dir, map[string]string{})
	write(t, f, "new")
	compare(t, dir, map[string]string{".seed.sql.tmp0": "new"})
	if err := f.Close(); err != nil {
		t.Error(err)
	}
}

func TestRewind(t *testing.T) {
	dir := directory(t, map[string]string{"seed.sql": "old"})
	f := create(t, filepath.Join(dir, "seed.sql"), 0o666)
	for _, text := range []string{"", "a long first try", "new"} {
		if err := f.Rewind(); err != nil {
			t.Fatal(err)
		}
		write(t, f, text)
	}
	if err := f.Commit(); err != nil {
		t.Fatal(err)
	}
	compare(t, dir, map[string]string{"seed.sql": "new"})
	if err := f.Rewind(); !errors.Is(err, fs.ErrClosed) {
		t.Errorf("Rewind after Commit: %v, want %v", err, fs.ErrClosed)
	}
	if err := create(t, os.DevNull, 0o666).Rewind(); !errors.Is(err, errors.ErrUnsupported) {
		t.Errorf("Rewind of a device: %v, want %v", err, errors.ErrUnsupported)
	}
}

func TestReadFrom(t *testing.T) {
	dir := directory(t, map[string]string{"seed.sql": "old"})
	f := create(t, filepath.Join(dir, "seed.sql"), 0o666)
	write(t, f, "ne")
	n, err := f.ReadFrom(strings.NewReader("w text"))
	if n != int64(len("w text")) || err != nil {
		t.Errorf("got %d, %v", n, err)
	}
	if err := f.Commit(); err != nil {
		t.Fatal(err)
	}
	compare(t, dir, map[string]string{"seed.sql": "new text"})
	if _, err := f.ReadFrom(strings.NewReader("more")); !errors.Is(err, fs.ErrClosed) {
		t.Errorf("ReadFrom after Commit: %v, want %v", err, fs.ErrClosed)
	}
}

func TestCloseDiscards(t *testing.T) {
	old := map[string]string{"seed.sql": "old"}
	dir := directory(t, old)
	for _, name := range []string{"seed.sql", "other.sql"} {
		f := create(t, filepath.Join(dir, name), 0o666)
		write(t, f, "new")
		if err := f.Close(); err != nil {
			t.Error(err)
		}
		if _, err := f.Write([]byte("more")); !errors.Is(err, fs.ErrClosed) {
			t.Errorf("Write after Close: %v, want %v", err, fs.ErrClosed)
		}
		if err := f.Commit(); !errors.Is(err, fs.ErrClosed) {
			t.Errorf("Commit after Close: %v, want %v", err, fs.ErrClosed)
		}
	}
	compare(t, dir, old)
}

func TestFailedRenameLeavesNothing(t *testing.T) {
	dir := directory(t, nil)
	f := create(t, filepath.Join(dir, "seed.sql"), 0o666)
	write(t, f, "new")
	if err := os.Mkdir(filepath.Join(dir, "seed.sql"), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := f.Commit(); err == nil {
		t.Error("Commit over a directory: no error")
	}
	os.Remove(filepath.Join(dir, "seed.sql"))
	compare(t, dir, map[string]string{})
}

func TestFailedWriteIsNotCommitted(t *testing.T) {
	dir := filepath.Join(directory(t, nil), "gone")
	if err := os.Mkdir(dir, 0o777); err != nil {
		t.Fatal(err)
	}
	f := create(t, filepath.Join(dir, "seed.sql"), 0o666)
	if err := os.Remove(dir); err != nil {
		t.Fatal(err)
	}
	_, want := f.Write([]byte("new"))
	if !errors.Is(want, fs.ErrNotExist) {
		t.Fatalf("Write into no directory: %v", want)
	}
	if err := os.Mkdir(dir, 0o777); err != nil {
		t.Fatal(err)
	}
	if got := f.Commit(); got != want {
		t.Errorf("Commit = %v, want the error of Write, %v", got, want)
	}
	compare(t, dir, map[string]string{})
}

func TestKilled(t *testing.T) {
	dir := directory(t, map[string]string{"seed.sql": "old"})
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), victim+"="+filepath.Join(dir, "seed.sql"))
	if _, err := cmd.StdinPipe(); err != nil {
		t.Fatal(err)
	}
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	said, _ := bufio.NewReader(stdout).ReadString('\n')
	cmd.Process.Kill()
	cmd.Wait()
	if said != "<nil>\n" {
		t.Fatalf("the process to be killed said %q", said)
	}
	compare(t, dir, map[string]string{"seed.sql": "old", ".seed.sql.tmp0": "half of the new"})

	f := create(t, filepath.Join(dir, "seed.sql"), 0o666)
	write(t, f, "new")
	if err := f.Commit(); err != nil {
		t.Fatal(err)
	}
	compare(t, dir, map[string]string{"seed.sql": "new", ".seed.sql.tmp0": "half of the new"})
}

func TestCreateRefuses(t *testing.T) {
	dir := directory(t, map[string]string{"file": ""})
	if err := os.Symlink("loop", filepath.Join(dir, "loop")); err != nil {
		t.Skipf("no symbolic links here: %v", err)
	}
	t.Chdir(dir)
	tests := []struct {
		title string
		path  string
		want  string
	}{
		{"no name", "", `create "": no such file or directory`},
		{"a directory", dir, fmt.Sprintf(`create %q: is a directory`, dir)},
		{"a directory that is not there", "missing/",
			`create "missing/": no such file or directory`},
		{"into no directory", "missing/seed.sql",
			`create "missing/seed.sql": stat missing/: no such file or directory`},
		{"into a file", "file/seed.sql",
			`create "file/seed.sql": stat file/seed.sql: not a directory`},
		{"a link to itself", "loop", `create "loop": stat loop: too many levels of symbolic links`},
	}
	for _, tt := range tests {
		t.Run(tt.title, func(t *testing.T) {
			f, err := atomicfile.Create(tt.path, 0o666)
			if f != nil || err == nil || err.Error() != tt.want {
				t.Errorf("Create(%q) = %v, %v, want the error %s", tt.path, f, err, tt.want)
			}
			if _, isErrno := errors.AsType[syscall.Errno](err); !isErrno {
				t.Errorf("%v wraps no error of the operating system", err)
			}
		})
	}
	compare(t, dir, map[string]string{"file": "", "loop": "-> loop"})
}

func create(t *testing.T, path string, perm fs.FileMode) *atomicfile.File {
	t.Helper()
	f, err := atomicfile.Create(path, perm)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func write(t *testing.T, f *atomicfile.File, content string) {
	t.Helper()
	if n, err := f.Write([]byte(content)); err != nil || n != len(content) {
		t.Fatalf("Write(%q) = %d, %v", content, n, err)
	}
}

// directory returns a new directory that holds the files.
func directory(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, content := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// compare checks that dir holds exactly the files in want. The content of a symbolic link is "-> "
// and the path to which it leads.
func compare(t *testing.T, dir string, want map[string]string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	for _, entry := range entries {
		path := filepath.Join(dir, entry.Name())
		if link, err := os.Readlink(path); err == nil {
			got[entry.Name()] = "-> " + link
			continue
		}
		content, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		got[entry.Name()] = string(content)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("files in the directory (-want +got):\n%s", diff)
	}
}

// TestCreateOnLiteFS holds that nothing is created in a folder that LiteFS serves, where a
// temporary file would stay.
func TestCreateOnLiteFS(t *testing.T) {
	for _, own := range []map[string]string{
		{".lag": "+000000000\n"}, {".primary": "fra-1\n"}, {"data.db": "", "data.db-pos": "1/2\n"},
	} {
		own["old.sql"] = "old"
		dir := directory(t, own)
		for _, name := range []string{"new.sql", "old.sql"} {
			_, err := atomicfile.Create(filepath.Join(dir, name), 0o666)
			if _, ok := errors.AsType[*litefs.MountError](err); !ok {
				t.Errorf("%v, %s: got %v", own, name, err)
			}
		}
		compare(t, dir, own)
	}
}
