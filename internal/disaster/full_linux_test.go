package disaster

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/sys/unix"
)

const page = 4096

// TestFullDisk gives the target's file system, with the backups and without them, or that of the
// backups alone, no room, some room, and more, until the verb succeeds.
func TestFullDisk(t *testing.T) {
	needMounts(t)
	eachScene(t, func(t *testing.T, s *scene) {
		t.Run("target and backup", func(t *testing.T) { s.fillDisk(t, s.dir, s.args) })
		if s.args[0] == "backup" || s.args[0] == "undo" {
			return // there is no target, or the folder must have the backup of the run
		}
		backups := t.TempDir()
		args := append(s.args[:len(s.args):len(s.args)], "--backup-dir", backups)
		t.Run("target", func(t *testing.T) { s.fillDisk(t, s.dir, args) })
		t.Run("backup", func(t *testing.T) { s.fillDisk(t, backups, args) })
	})
}

// fillDisk runs seedkit with a folder that has room for more and more pages.
func (s *scene) fillDisk(t *testing.T, dir string, args []string) {
	tell := newTally(t)
	step := 7
	if isEveryCall() {
		step = 1
	}
	for room := 0; ; room += step {
		if room > 500 {
			t.Fatal("no room is enough")
		}
		how := s.onSmallDisk(t, dir, room, args, tell)
		if how.code == 0 {
			return
		}
	}
}

// onSmallDisk runs seedkit once, and checks what is left. dir is the folder of the scene, or one
// that is empty at the start.
func (s *scene) onSmallDisk(
	t *testing.T, dir string, room int, args []string, tell tally,
) (how result) {
	size := room
	if dir == s.dir {
		for _, text := range s.start {
			size += (len(text) + page - 1) / page
		}
	}
	unmount := mountTmpfs(t, dir, (size+2)*page)
	defer unmount()
	s.reset(t)
	title := fmt.Sprintf("room for %d pages", room)
	t.Run(title, func(t *testing.T) {
		how = s.run(t, "seedkit", args...)
		resizeTmpfs(t, dir, 100_000*page) // a reader of a WAL needs an index of it
		done := s.checkEnd(t, how)
		tell.count("exit code %d, done: %v", how.code, done)
		for _, f := range hidden(t, dir) {
			t.Errorf("left behind: %s", f)
		}
	})
	return how
}

// checkEnd is checkExitCode for a disk without room, which seedkit may see before it begins.
func (s *scene) checkEnd(t *testing.T, how result) (done bool) {
	t.Helper()
	done = s.isDone(t)
	if s.before == s.after {
		whole, _ := s.checkBackups(t)
		done = whole == 1
	}
	if how.code != 4 || done {
		s.checkExitCode(t, how, done)
	}
	if left := s.leftovers(t); len(left) > 0 {
		t.Errorf("left behind: %q", left)
	}
	return done
}

func hidden(t *testing.T, dir string) []string {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(dir, ".*"))
	if err != nil {
		t.Fatal(err)
	}
	return names
}

// mountTmpfs mounts a file system in memory, of a size in bytes, over a folder.
func mountTmpfs(t *testing.T, dir string, size int) (unmount func()) {
	t.Helper()
	if err := unix.Mount("tmpfs", dir, "tmpfs", 0, fmt.Sprintf("size=%d", size)); err != nil {
		t.Fatal(err)
	}
	return func() {
		if err := unix.Unmount(dir, unix.MNT_DETACH); err != nil {
			t.Error(err)
		}
	}
}

func resizeTmpfs(t *testing.T, dir string, size int) {
	t.Helper()
	options := fmt.Sprintf("size=%d", size)
	if err := unix.Mount("tmpfs", dir, "tmpfs", unix.MS_REMOUNT, options); err != nil {
		t.Fatal(err)
	}
}

func needMounts(t *testing.T) {
	t.Helper()
	dir := t.TempDir()
	if err := unix.Mount("tmpfs", dir, "tmpfs", 0, "size=4096"); err != nil {
		t.Skipf("mount a file system: %v", err)
	}
	if err := unix.Unmount(dir, 0); err != nil {
		t.Fatal(err)
	}
}

// TestFullTemporaryFolder has a script, which seedkit replays into temporary files.
func TestFullTemporaryFolder(t *testing.T) {
	needMounts(t)
	s := newScene(t, verbs[1], "wal")
	var seed strings.Builder
	for i := range 20_000 {
		fmt.Fprintf(&seed, "INSERT INTO Note VALUES(%d,'%0500d',1);\n", 5000+i, i)
	}
	if err := os.WriteFile(s.path("seed.sql"), []byte(seed.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	temporary := t.TempDir()
	ends := map[int]bool{}
	for _, size := range []int{page, 20 * page, 400 * page, 100_000 * page} {
		unmount := mountTmpfs(t, temporary, size)
		cmd := exec.CommandContext(t.Context(), "seedkit", "apply", "seed.sql", "--to", target,
			"--yes")
		cmd.Env = append(os.Environ(), "TMPDIR="+temporary, "SQLITE_TMPDIR="+temporary)
		how := s.end(t, cmd)
		done := s.content(t, target) != s.before
		s.checkExitCode(t, how, done)
		t.Logf("TMPDIR of %d bytes: exit code %d", size, how.code)
		ends[how.code] = true
		unmount()
	}
	if !ends[0] || !ends[1] {
		t.Error("no size is enough, or each is")
	}
}

// TestFileSizeLimit limits how large a file may become. Beyond the limit a write fails, and the
// system sends SIGXFSZ, which ends a process by default.
func TestFileSizeLimit(t *testing.T) {
	eachScene(t, func(t *testing.T, s *scene) {
		tell := newTally(t)
		for blocks := 1; ; blocks = blocks*3/2 + 1 { // of 512 bytes
			s.reset(t)
			line := fmt.Sprintf("ulimit -f %d && exec seedkit \"$@\"", blocks)
			how := s.run(t, "sh", append([]string{"-c", line, "sh"}, s.args...)...)
			if strings.Contains(how.stderr, "ulimit") {
				t.Skip(how.stderr)
			}
			done := s.checkEnd(t, how)
			tell.count("exit code %d, done: %v", how.code, done)
			if t.Failed() {
				t.Fatalf("%d blocks: exit code %d\n%s", blocks, how.code, how.stderr)
			}
			if how.code == 0 {
				return
			}
		}
	})
}
