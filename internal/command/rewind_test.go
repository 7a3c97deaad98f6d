package command

import (
	"os"
	"path/filepath"
	"testing"
)

// A rewinder is an output that extract can rewind.
type rewinder interface{ Rewind() error }

func TestRewindTakesBackOnlyItsOwn(t *testing.T) {
	path := filepath.Join(t.TempDir(), "out.sql")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if _, err := f.WriteString("before\n"); err != nil {
		t.Fatal(err)
	}
	out := newStdout(f)
	if _, err := out.Write([]byte("taken back")); err != nil {
		t.Fatal(err)
	}
	if err := out.(rewinder).Rewind(); err != nil {
		t.Fatal(err)
	}
	if _, err := out.Write([]byte("after\n")); err != nil {
		t.Fatal(err)
	}
	if got, err := os.ReadFile(path); err != nil || string(got) != "before\nafter\n" {
		t.Errorf("got %q, %v", got, err)
	}

	other, err := os.OpenFile(path, os.O_WRONLY|os.O_APPEND, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	if _, err := other.WriteString("another's\n"); err != nil {
		t.Fatal(err)
	}
	if err := out.(rewinder).Rewind(); err == nil {
		t.Error("took back what another process wrote")
	}
	if _, ok := newStdout(other).(rewinder); !ok {
		t.Error("behind all that is there, output can be taken back")
	}
	if _, err := f.Seek(0, 0); err != nil {
		t.Fatal(err)
	}
	if _, ok := newStdout(f).(rewinder); ok {
		t.Error("before what is there, output cannot be taken back")
	}
}

func TestPipesCannotBeTakenBack(t *testing.T) {
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	defer w.Close()
	if _, ok := newStdout(w).(rewinder); ok {
		t.Error("output into a pipe can be taken back")
	}
}
