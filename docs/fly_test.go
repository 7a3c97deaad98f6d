package docs

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seedkit/seedkit/dump"
	"github.com/seedkit/seedkit/generate"
	"github.com/seedkit/seedkit/internal/authority"
)

// machine is a machine of Fly that exists in a folder. Its commands run over a real SSH connection.
type machine struct {
	t        *testing.T
	root     string // the folder for /
	database string
	local    string            // the working folder of the one who types
	commands map[string]string // of the page, by a word in them
	env      []string
}

// newMachine makes a machine with a production database and seedkit, and a program fly that reaches
// it.
func newMachine(t *testing.T) *machine {
	t.Helper()
	server := authority.StartSSHD(t)
	m := &machine{t: t, root: t.TempDir(), local: t.TempDir()}
	m.database = filepath.Join(m.root, "litefs", "data", "sqlite.db")
	installed := filepath.Join(m.root, "myapp", "node_modules", ".bin")
	for _, dir := range []string{"litefs/data", "data", "myapp/node_modules"} {
		if err := os.MkdirAll(filepath.Join(m.root, dir), 0o777); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Rename(buildCommand(t), installed); err != nil {
		t.Fatal(err)
	}
	copyApp(t, m.local, newApp(t))
	if err := os.Rename(filepath.Join(m.local, "production.db"), m.database); err != nil {
		t.Fatal(err)
	}
	m.writeFly(server)
	m.readPage()
	return m
}

// writeFly writes the program fly. It does with ssh and sftp what Fly's program does with the
// subcommands and the flags that the page has. Paths on the machine begin in its folder.
func (m *machine) writeFly(server *authority.SSHD) {
	m.t.Helper()
	bin := m.t.TempDir()
	script := fmt.Sprintf(`#!/bin/sh
pty= mode=0644 words=
while [ $# -gt 0 ]; do
	case $1 in
	--machine) [ "$2" = 148e21ea7d7958 ] || exit 99; shift 2 ;;
	--pty) pty=yes; shift ;;
	--mode) mode=$2; shift 2 ;;
	-C) command=$2; shift 2 ;;
	*) words="$words $1"; shift ;;
	esac
done
on_machine() { sed -E 's#(^| )/(data|litefs|myapp)/#\1%[1]s/\2/#g'; }
set -- $words
case "$1 $2 $3" in
"ssh console ")
	command=$(echo "$command" | on_machine)
	if [ -n "$pty" ]; then %[2]s; else %[3]s; fi ;;
"ssh sftp put")
	{ echo "put $4 $5"; echo "chmod $mode $5"; } | on_machine | %[4]s ;;
*)
	exit 99 ;;
esac
`, m.root, ssh(server, "-tt"), ssh(server, ""), authority.Quoted("sftp", server.SFTPArgs()))
	if err := os.WriteFile(filepath.Join(bin, "fly"), []byte(script), 0o777); err != nil {
		m.t.Fatal(err)
	}
	path := "PATH=" + bin + string(os.PathListSeparator) + os.Getenv("PATH")
	m.env = append(os.Environ(), path, "LC_ALL=C")
}

func ssh(server *authority.SSHD, pty string) string {
	args := server.Args(pty, "")
	return authority.Quoted("ssh", args[:len(args)-1]) + ` "$command"`
}

// shBlock matches a block of shell that no test runs as it is.
var shBlock = regexp.MustCompile("(?ms)^```sh\n(.*?)^```$")

// readPage reads the commands of the page. The settings of the first block hold for all.
func (m *machine) readPage() {
	m.t.Helper()
	m.commands = map[string]string{}
	settings := ""
	for _, block := range shBlock.FindAllStringSubmatch(readText(m.t, "epic-stack.md"), -1) {
		for line := range strings.Lines(block[1]) {
			switch {
			case strings.HasPrefix(line, "fly "):
				m.commands[line] = settings + line
			case !strings.HasPrefix(line, "CGO_ENABLED"):
				settings += line
			}
		}
	}
}

// result is what a command printed, and how it ended.
type result struct {
	stdout, stderr string
	code           int
}

// run runs the command of the page that has all of the words, and gives it the input.
func (m *machine) run(input string, words ...string) result {
	m.t.Helper()
	var found []string
	for line, command := range m.commands {
		if containsAll(line, words) {
			found = append(found, command)
		}
	}
	if len(found) != 1 {
		m.t.Fatalf("%d commands of the page have the words %q", len(found), words)
	}
	return m.shell(input, found[0])
}

func containsAll(line string, words []string) bool {
	for _, word := range words {
		if !strings.Contains(line, word) {
			return false
		}
	}
	return true
}

func (m *machine) shell(input, script string) (r result) {
	m.t.Helper()
	var stdout, stderr bytes.Buffer
	cmd := exec.CommandContext(m.t.Context(), "sh", "-c", script)
	cmd.Dir, cmd.Env, cmd.Stdin = m.local, m.env, strings.NewReader(input)
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if err := cmd.Run(); err != nil && cmd.ProcessState == nil {
		m.t.Fatal(err)
	}
	return result{stdout.String(), stderr.String(), cmd.ProcessState.ExitCode()}
}

func (m *machine) dump() string {
	m.t.Helper()
	var out bytes.Buffer
	if _, err := dump.Write(m.t.Context(), &out, m.database, dump.Options{}); err != nil {
		m.t.Fatal(err)
	}
	return out.String()
}

// want checks how a command ended and what it said, and whether the database changed.
func (m *machine) want(r result, code int, says, before string, changed bool) {
	m.t.Helper()
	if said := r.stdout + r.stderr; r.code != code || !strings.Contains(said, says) {
		m.t.Errorf("ended with exit code %d, want %d and %q:\n%s", r.code, code, says, said)
	}
	if (m.dump() != before) != changed {
		m.t.Errorf("changed is %v, want %v\n%s%s", !changed, changed, r.stdout, r.stderr)
	}
}

// seed makes the local seed.db with one role.
func (m *machine) seed(name string) {
	m.t.Helper()
	_, err := generate.Write(m.t.Context(), filepath.Join(m.local, "seed.db"), generate.Options{
		SchemaPath: filepath.Join(m.local, "prisma", "migrations"),
		Sets: []generate.Set{{Name: "reference", Fill: func(s *generate.Fixtures) {
			s.Add("Role", "new", generate.Row{"name": name, "description": "Tidies up"})
		}}},
	})
	if err != nil {
		m.t.Fatal(err)
	}
}

// TestFly types the commands for Fly of epic-stack.md.
func TestFly(t *testing.T) {
	m := newMachine(t)
	m.seed("moderator")
	before := m.dump()
	m.want(m.run("", "sftp put seed.db"), 0, "", before, false)
	info, err := os.Stat(filepath.Join(m.root, "data", "seed.db"))
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the seed on the machine: %v, %v", info, err)
	}
	m.want(m.run("", "apply", "--dry-run"), 0, "would insert 1 row", before, false)

	// Without a terminal nobody consents, whatever the input says.
	silent := strings.Replace(m.commands[m.line("apply", "--pty")], "--pty ", "", 1)
	m.want(m.shell("y\n", silent), 4, "standard input is not a terminal", before, false)
	m.want(m.run("n\n", "apply", "--pty"), 4, "not confirmed", before, false)
	m.want(m.run("y\n", "apply", "--pty"), 0, "inserted 1 row", before, true)
	applied := m.dump()
	m.want(m.run("y\n", "apply", "--pty"), 0, "nothing to insert", applied, false)

	// Taken back in both ways.
	runs := m.run("", "runs")
	m.want(runs, 0, "committed", applied, false)
	run := regexp.MustCompile(`(?m)^(\S+) .*apply`).FindStringSubmatch(runs.stdout)
	if run == nil {
		t.Fatalf("no run of apply:\n%s", runs.stdout)
	}
	undo := strings.Replace(m.commands[m.line("undo")], "RUN", run[1], 1)
	m.want(m.shell("y\n", undo), 0, "took back 1 row", before, false)
	m.want(m.run("y\n", "apply", "--pty"), 0, "inserted 1 row", before, true)
	m.want(m.run("1\ny\n", "restore"), 0, "restored", before, false)

	// A machine that is no primary.
	primary := filepath.Join(filepath.Dir(m.database), ".primary")
	if err := os.WriteFile(primary, []byte("elsewhere"), 0o666); err != nil {
		t.Fatal(err)
	}
	m.want(m.run("y\n", "apply", "--pty"), 4, "replica", before, false)
}

// line returns the command of the page that has all of the words.
func (m *machine) line(words ...string) string {
	m.t.Helper()
	for line := range m.commands {
		if containsAll(line, words) {
			return line
		}
	}
	m.t.Fatalf("no command of the page has the words %q", words)
	return ""
}

// TestFlyPipes pipes a script to the machine and a dump from it, and runs a program that sftp has
// put there.
func TestFlyPipes(t *testing.T) {
	m := newMachine(t)
	before := m.dump()
	const console = "machine=148e21ea7d7958; fly ssh console --machine $machine -C "
	got := m.shell("", console+"'/myapp/node_modules/.bin/seedkit dump /litefs/data/sqlite.db -q'")
	if diff := cmp.Diff(before, got.stdout); diff != "" || got.code != 0 {
		t.Errorf("ended with %d, the dump (-there +here):\n%s", got.code, diff)
	}
	script := `INSERT INTO "Role" ("id", "name", "updatedAt")
		VALUES ('r1', 'guest', 1735689600000);`
	apply := console + "'/myapp/node_modules/.bin/seedkit apply - " +
		"--to /litefs/data/sqlite.db --backup-dir /data/backups --yes'"
	m.want(m.shell(script, apply), 0, "inserted 1 row", before, true)
	applied := m.dump()
	conflict := strings.Replace(script, "r1", "r2", 1)
	m.want(m.shell(conflict, apply), 3, "in conflict", applied, false)
	json := strings.Replace(apply, "--yes", "--yes --json", 1)
	m.want(m.shell(conflict, json), 3, `"exit": 3`, applied, false)

	program := filepath.Join(m.root, "myapp", "node_modules", ".bin", "seedkit")
	if err := os.Rename(program, filepath.Join(m.local, "seedkit")); err != nil {
		t.Fatal(err)
	}
	m.want(m.run("", "sftp put seedkit"), 0, "", applied, false)
	m.want(m.shell("", console+"'/data/seedkit version'"), 0, "seedkit", applied, false)
}
