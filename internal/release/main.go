// Command release builds the files of a release of seedkit: archives, deb and rpm packages, npm
// packages, an image, bills of materials, and their checksums. The same commit, version and Go give
// the same bytes. release publishes nothing, and uses no network if the modules are downloaded.
//
// Usage: go -C internal/release run . [-version X] [-dist DIR] [-platforms LIST]
package main

import (
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

func main() {
	version := flag.String("version", "", "the version, such as 1.2.3 (default: the tag of the "+
		"commit, or a snapshot's version)")
	dist := flag.String("dist", "dist", "the folder to make, relative to the repository")
	list := flag.String("platforms", "", "platforms such as linux/amd64,linux/arm (default: all)")
	flag.Parse()
	if err := run(*version, *dist, *list, flag.Args()); err != nil {
		fmt.Fprintln(os.Stderr, "release:", err)
		os.Exit(1)
	}
}

func run(version, dist, list string, args []string) error {
	if len(args) > 0 {
		return fmt.Errorf("unexpected argument %q", args[0])
	}
	root, err := repository()
	if err != nil {
		return err
	}
	platforms, err := choosePlatforms(list)
	if err != nil {
		return err
	}
	r, err := newRelease(root, version)
	if err != nil {
		return err
	}
	if !filepath.IsAbs(dist) {
		dist = filepath.Join(root, dist)
	}
	if entries, err := os.ReadDir(dist); len(entries) > 0 || !isMissing(err) && err != nil {
		return errors.Join(fmt.Errorf("%s is there, and is no empty folder: remove it", dist), err)
	}
	return r.write(dist, platforms)
}

// What packages and images say of seedkit.
const (
	purpose  = "Seed data for apps that run on SQLite: generate it, dump it, apply it to production"
	homepage = "https://github.com/seedkit/seedkit"
)

func isMissing(err error) bool { return errors.Is(err, fs.ErrNotExist) }

// write makes the folder dist, which appears when it is complete.
func (r release) write(dist string, platforms []platform) error {
	parent := filepath.Dir(dist)
	if err := os.MkdirAll(parent, 0o777); err != nil {
		return err
	}
	work, err := os.MkdirTemp(parent, ".release-*")
	if err != nil {
		return err
	}
	defer os.RemoveAll(work)
	out := filepath.Join(work, "dist")
	if err := os.MkdirAll(filepath.Join(out, "npm"), 0o777); err != nil {
		return err
	}
	built := make([]program, 0, len(platforms))
	for _, p := range platforms {
		fmt.Fprintf(os.Stderr, "release: build seedkit %s for %s\n", r.version, p)
		b, err := r.build(p, filepath.Join(work, strings.ReplaceAll(p.String(), "/", "_")))
		if err != nil {
			return err
		}
		built = append(built, b)
	}
	steps := []func(string, []program) error{
		r.writeArchives, r.writeBills, r.writePackages, r.writeNPM, r.writeImage, writeSums,
	}
	for _, step := range steps {
		if err := step(out, built); err != nil {
			return err
		}
	}
	if err := os.Remove(dist); err != nil && !isMissing(err) {
		return err
	}
	return os.Rename(out, dist)
}
