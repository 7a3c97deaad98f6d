//go:build linux

package main

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// releasedProject is a project with seedkit as npm installs it from the release.
func releasedProject(t *testing.T) project {
	t.Helper()
	p := newProject(t, filepath.Join(released(t), "npm"))
	p.must(t, "npm", "install", "seedkit")
	return p
}

// TestNPM runs seedkit with npx, and compares exit codes with those of the program.
func TestNPM(t *testing.T) {
	t.Parallel()
	p := releasedProject(t)
	if got := p.must(t, "npx", "seedkit", "version"); !strings.HasPrefix(got, "seedkit v1.2.3 (") {
		t.Errorf("npx seedkit version prints %q", got)
	}
	p.must(t, "npx", "seedkit", "gen", "--quiet")
	p.must(t, "npx", "seedkit", "gen", "--quiet", "--set", "reference", "-o", "production.db")
	text := p.must(t, "npx", "seedkit", "backup", "production.db", "--quiet", "-o", "copy.db")
	if strings.TrimSpace(text) != "copy.db" {
		t.Errorf("backup prints %q", text)
	}
	copied := filepath.Join(p.dir, "copy.db")
	if err := os.WriteFile(copied, append(read(t, copied), 0), 0o666); err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		args []string
		want int
	}{
		{[]string{"dump", "seed.db"}, 0},
		{[]string{"dump", "missing.db"}, 1},
		{[]string{"dump", "--nonsense"}, 2},
		{[]string{"verify", "copy.db"}, 3},
		{[]string{"apply", "seed.db", "--to", "production.db", "--yes"}, 4},
	}
	for _, tt := range tests {
		t.Run(tt.args[0]+" "+tt.args[1], func(t *testing.T) {
			_, errs, code := p.run(t, "npx", append([]string{"seedkit"}, tt.args...)...)
			if code != tt.want {
				t.Errorf("exit code %d, want %d\n%s", code, tt.want, errs)
			}
		})
	}
	t.Run("head", func(t *testing.T) {
		out, errs, code := p.run(t, "sh", "-c",
			"{ npx seedkit dump seed.db; echo $? >code; } | head -n 1")
		if out != "PRAGMA foreign_keys=OFF;\n" || errs != "" || code != 0 {
			t.Errorf("npx seedkit dump | head: %q, %q, exit code %d", out, errs, code)
		}
		native, _, _ := p.run(t, "sh", "-c", "{ node_modules/@seedkit/"+host(t).node+
			"/bin/seedkit dump seed.db; echo $? >native; } | head -n 1")
		if native != out || string(read(t, p.dir, "code")) != string(read(t, p.dir, "native")) {
			t.Errorf("npx: %q, exit code %s; the program: %q, exit code %s", out,
				read(t, p.dir, "code"), native, read(t, p.dir, "native"))
		}
	})
}

func TestNPMPlatforms(t *testing.T) {
	t.Parallel()
	r, dist := pretendedRelease(t), t.TempDir()
	if err := os.Mkdir(filepath.Join(dist, "npm"), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := r.writeNPM(dist, pretended()); err != nil {
		t.Fatal(err)
	}
	tarballs := filepath.Join(dist, "npm")
	here := host(t).node
	const message = "seedkit: error: the package @seedkit/"
	isHere := func(t *testing.T, p project) {
		t.Helper()
		if got := p.must(t, "npx", "seedkit"); got != here+"\n" {
			t.Errorf("npx seedkit runs the program of %q, want %s", got, here)
		}
	}
	isMissing := func(t *testing.T, p project) {
		t.Helper()
		out, errs, code := p.run(t, "npx", "seedkit")
		if out != "" || !strings.HasPrefix(errs, message+here+" is not installed\n") || code != 1 {
			t.Errorf("npx seedkit: %q, %q, exit code %d", out, errs, code)
		}
		if !strings.Contains(errs, "seedkit: hint: ") {
			t.Errorf("the message %q names no way out", errs)
		}
	}
	installed := func(t *testing.T, p project) string {
		t.Helper()
		entries, err := os.ReadDir(filepath.Join(p.dir, "node_modules", "@seedkit"))
		if err != nil && !os.IsNotExist(err) {
			t.Fatal(err)
		}
		var names []string
		for _, e := range entries {
			names = append(names, e.Name())
		}
		return strings.Join(names, " ")
	}

	t.Run("this one", func(t *testing.T) {
		p := newProject(t, tarballs)
		p.must(t, "npm", "install", "seedkit")
		if got := installed(t, p); got != here {
			t.Errorf("npm installs the packages %q, want %s", got, here)
		}
		isHere(t, p)
	})
	t.Run("a lockfile and node_modules of another", func(t *testing.T) {
		p := newProject(t, tarballs)
		p.must(t, "npm", "install", "seedkit", "--os=darwin", "--cpu=arm64")
		if got := installed(t, p); got != "darwin-arm64" {
			t.Errorf("npm installs the packages %q, want darwin-arm64", got)
		}
		isMissing(t, p)
		p.must(t, "npm", "ci")
		if got := installed(t, p); got != here {
			t.Errorf("npm ci installs the packages %q, want %s", got, here)
		}
		isHere(t, p)
	})
	t.Run("without optional packages", func(t *testing.T) {
		p := newProject(t, tarballs)
		p.must(t, "npm", "install", "seedkit", "--omit=optional")
		isMissing(t, p)
		p.must(t, "npm", "install", "seedkit")
		isHere(t, p)
	})
	t.Run("a folder above", func(t *testing.T) {
		p := newProject(t, tarballs)
		p.must(t, "npm", "install", "seedkit")
		p.dir = filepath.Join(p.dir, "packages", "web")
		if err := os.MkdirAll(p.dir, 0o777); err != nil {
			t.Fatal(err)
		}
		isHere(t, p)
	})
}

// TestNPMRunsNoScripts tests that the packages have no scripts, which npm may not run.
func TestNPMRunsNoScripts(t *testing.T) {
	r, dist := pretendedRelease(t), t.TempDir()
	if err := os.Mkdir(filepath.Join(dist, "npm"), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := r.writeNPM(dist, pretended()); err != nil {
		t.Fatal(err)
	}
	for _, name := range filesOf(t, dist) {
		m := manifestOf(t, read(t, dist, name))
		if m["scripts"] != nil || m["preferUnplugged"] != true {
			t.Errorf("%s: scripts %v, preferUnplugged %v", name, m["scripts"], m["preferUnplugged"])
		}
	}
}

// signalled is a program that names its parent, says which signals it gets, and needs a while to
// end after the first.
const signalled = `#!/usr/bin/env node
for (const s of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(s, () => {
  console.log('got ' + s)
  setTimeout(() => { console.log('cleaned up'); process.exit(130) }, 1000)
})
setInterval(() => {}, 1000)
console.log('parent ' + process.ppid)
console.log('ready')
`

// projectWith is a project in which npm has installed a program in place of seedkit.
func projectWith(t *testing.T, script string) project {
	t.Helper()
	r, dist := pretendedRelease(t), t.TempDir()
	if err := os.Mkdir(filepath.Join(dist, "npm"), 0o777); err != nil {
		t.Fatal(err)
	}
	err := r.writeNPM(dist, []program{{platform: host(t), data: []byte(script)}})
	if err != nil {
		t.Fatal(err)
	}
	p := newProject(t, filepath.Join(dist, "npm"))
	p.must(t, "npm", "install", "seedkit")
	return p
}

// TestNPMPassesSignalsOn signals the shim alone.
func TestNPMPassesSignalsOn(t *testing.T) {
	p := projectWith(t, signalled)
	for _, signal := range []syscall.Signal{syscall.SIGTERM, syscall.SIGHUP} {
		t.Run(signal.String(), func(t *testing.T) {
			cmd := p.command("node_modules/.bin/seedkit")
			out := startUntil(t, cmd, "ready\n")
			if err := cmd.Process.Signal(signal); err != nil {
				t.Fatal(err)
			}
			got := out.rest(t)
			name := map[syscall.Signal]string{
				syscall.SIGTERM: "SIGTERM", syscall.SIGHUP: "SIGHUP",
			}[signal]
			if want := "got " + name + "\ncleaned up\n"; got != want {
				t.Errorf("the program prints %q, want %q", got, want)
			}
			_ = cmd.Wait()
			if code := cmd.ProcessState.ExitCode(); code != 130 {
				t.Errorf("exit code %d, want 130", code)
			}
		})
	}
}

func TestNPMEndsWithTheSignalOfTheProgram(t *testing.T) {
	p := projectWith(t, "#!/bin/sh\nkill -s \"$1\" $$\n")
	for name, want := range map[string]syscall.Signal{
		"KILL": syscall.SIGKILL, "TERM": syscall.SIGTERM, "INT": syscall.SIGINT,
	} {
		cmd := p.command("node_modules/.bin/seedkit", name)
		_ = cmd.Run()
		status := cmd.ProcessState.Sys().(syscall.WaitStatus)
		if !status.Signaled() || status.Signal() != want {
			t.Errorf("%s: the shim ends with %v", name, cmd.ProcessState)
		}
	}
}
