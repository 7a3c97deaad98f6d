package main

import (
	"bytes"
	"debug/buildinfo"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

// A platform is a system and a processor that seedkit is built for.
type platform struct {
	os, arch string // as Go names them
	node     string // as Node.js names both, with a dash
}

// platforms are in the order in which they are built.
var platforms = []platform{
	{"linux", "amd64", "linux-x64"},
	{"linux", "arm64", "linux-arm64"},
	{"linux", "arm", "linux-arm"}, // version 7
	{"darwin", "amd64", "darwin-x64"},
	{"darwin", "arm64", "darwin-arm64"},
	{"windows", "amd64", "win32-x64"},
	{"windows", "arm64", "win32-arm64"},
}

func (p platform) String() string { return p.os + "/" + p.arch }

// name is the platform's part of the name of an archive.
func (p platform) name() string {
	if p.arch == "arm" {
		return p.os + "_armv7"
	}
	return p.os + "_" + p.arch
}

// program is the name of the program's file.
func (p platform) program() string {
	if p.os == "windows" {
		return "seedkit.exe"
	}
	return "seedkit"
}

// choosePlatforms returns the platforms of a list with commas, in the order of platforms. An empty
// list means all of them.
func choosePlatforms(list string) ([]platform, error) {
	if list == "" {
		return platforms, nil
	}
	names := strings.Split(list, ",")
	for _, name := range names {
		known := func(p platform) bool { return p.String() == name }
		if !slices.ContainsFunc(platforms, known) {
			return nil, fmt.Errorf("%q is none of the platforms %v", name, platforms)
		}
	}
	unwanted := func(p platform) bool { return !slices.Contains(names, p.String()) }
	return slices.DeleteFunc(slices.Clone(platforms), unwanted), nil
}

// A program is seedkit, built for a platform.
type program struct {
	platform
	path string
	data []byte
}

// build builds seedkit in the folder dir. Settings of the machine and of the user do not count.
func (r release) build(p platform, dir string) (program, error) {
	path := filepath.Join(dir, p.program())
	// Without the tag, urfave/cli brings a converter from Markdown to roff, which seedkit does not
	// use.
	cmd := exec.Command("go", "build", "-trimpath", "-buildvcs=true", "-tags=urfave_cli_no_docs",
		"-ldflags", "-s -w -X github.com/seedkit/seedkit/internal/command.version=v"+r.version,
		"-o", path, "./cmd/seedkit")
	cmd.Dir = r.root
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0", "GOOS="+p.os, "GOARCH="+p.arch,
		"GOAMD64=v1", "GOARM64=v8.0", "GOARM=7", "GOEXPERIMENT=", "GOFIPS140=off",
		"GOFLAGS=-mod=readonly", "GOWORK=off")
	cmd.Stderr = os.Stderr
	if err := cmd.Run(); err != nil {
		return program{}, fmt.Errorf("build seedkit for %s: %w", p, err)
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return program{}, err
	}
	return program{p, path, data}, r.namesCommit(data)
}

// namesCommit checks that the program names the commit that it was built from. Go records no commit
// in a git worktree.
func (r release) namesCommit(data []byte) error {
	info, err := buildinfo.Read(bytes.NewReader(data))
	if err != nil {
		return err
	}
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" && s.Value == r.commit {
			return nil
		}
	}
	return fmt.Errorf("the program does not name the commit %s: build it in a clone", r.commit)
}
