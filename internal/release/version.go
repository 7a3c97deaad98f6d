package main

import (
	"fmt"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// A release is a version of seedkit, and the commit that it is built from.
type release struct {
	root    string    // the folder of the repository
	version string    // without the "v" of the tag
	commit  string    // its hash
	time    time.Time // of the commit: every file has this time
}

// semantic matches the versions of npm and of Go modules, without build metadata.
var semantic = regexp.MustCompile(`^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)` +
	`(-(0|[1-9]\d*|\d*[a-zA-Z-][0-9a-zA-Z-]*)(\.(0|[1-9]\d*|\d*[a-zA-Z-][0-9a-zA-Z-]*))*)?$`)

// newRelease returns the release of the repository's commit. Without a version it takes the
// commit's tag. A commit without a tag, or with changed files, is a snapshot.
func newRelease(root, version string) (release, error) {
	line, err := git(root, "log", "-1", "--format=%H %ct")
	if err != nil {
		return release{}, err
	}
	commit, seconds, _ := strings.Cut(line, " ")
	unix, err := strconv.ParseInt(seconds, 10, 64)
	if err != nil {
		return release{}, fmt.Errorf("the time of the commit: %w", err)
	}
	if version == "" {
		if version, err = versionOf(root); err != nil {
			return release{}, err
		}
	}
	version = strings.TrimPrefix(version, "v")
	if !semantic.MatchString(version) {
		return release{}, fmt.Errorf("%q is not a version such as 1.2.3 or 1.2.3-rc.1", version)
	}
	return release{root, version, commit, time.Unix(unix, 0).UTC()}, nil
}

// versionOf returns the version of the tag vX.Y.Z of the commit, or a snapshot's.
func versionOf(root string) (string, error) {
	changed, err := git(root, "status", "--porcelain")
	if err != nil {
		return "", err
	}
	tags, err := git(root, "tag", "--points-at", "HEAD", "--sort=-version:refname")
	if err != nil {
		return "", err
	}
	for tag := range strings.FieldsSeq(tags) {
		version, ok := strings.CutPrefix(tag, "v")
		if ok && semantic.MatchString(version) && changed == "" {
			return version, nil
		}
	}
	commit, err := git(root, "rev-parse", "--short=12", "HEAD")
	if err != nil {
		return "", err
	}
	// The letter keeps a commit of digits alone from being a number with a leading zero.
	version := "0.0.0-snapshot.g" + commit
	if changed != "" {
		version += ".changed"
	}
	return version, nil
}

// repository returns the folder of the repository that the working directory is in.
func repository() (string, error) {
	root, err := git(".", "rev-parse", "--show-toplevel")
	return filepath.FromSlash(root), err
}

func git(dir string, args ...string) (string, error) {
	cmd := exec.Command("git", args...)
	cmd.Dir = dir
	var stderr strings.Builder
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		return "", fmt.Errorf("git %s: %w\n%s", args[0], err, &stderr)
	}
	return strings.TrimSpace(string(out)), nil
}
