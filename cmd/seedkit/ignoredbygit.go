package main

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

// warnInGit warns of a backup that is in a git work tree and not ignored there: with the next
// "git add ." all that the users wrote would go into the repository. Without git, or where git
// does not tell, it says nothing.
func (t *terminal) warnInGit(ctx context.Context, backup string) {
	if path, err := filepath.Abs(backup); err == nil && inWorkTree(path) && !ignoredByGit(ctx, path) {
		t.warnf("%s holds all that is in the database, in a git work tree that does not ignore it: "+
			"add it to .gitignore, or keep backups in a folder elsewhere", backup)
	}
}

// inWorkTree reports whether there is a .git in a folder that the path is in.
func inWorkTree(path string) bool {
	return slices.ContainsFunc(parents(path), func(dir string) bool {
		_, err := os.Lstat(filepath.Join(dir, ".git"))
		return err == nil
	})
}

// ignoredByGit reports whether git would leave the file alone, or does not tell: exit code 1 is a
// no, everything else that goes wrong is no answer (https://git-scm.com/docs/git-check-ignore).
// Git runs nothing that the repository's configuration names.
func ignoredByGit(ctx context.Context, path string) bool {
	name := "./" + filepath.Base(path) // a name that begins with a colon is no name to git
	git := exec.CommandContext(ctx, "git", "-c", "core.fsmonitor=false",
		"check-ignore", "--quiet", "--no-index", "--", name)
	git.Dir = filepath.Dir(path)
	// Within a hook git's variables name another repository.
	git.Env = slices.DeleteFunc(os.Environ(), func(variable string) bool {
		return strings.HasPrefix(variable, "GIT_")
	})
	exit, ran := errors.AsType[*exec.ExitError](git.Run())
	return !ran || exit.ExitCode() != 1
}
