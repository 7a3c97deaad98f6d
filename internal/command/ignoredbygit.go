package command

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

// warnInGit warns of a backup in a git work tree that does not ignore it: the next "git add ."
// would put everything that the users wrote into the repository. It says nothing if there is no
// git, or if git gives no answer.
func (t *terminal) warnInGit(ctx context.Context, backup string) {
	path, err := filepath.Abs(backup)
	if err == nil && inWorkTree(path) && !ignoredByGit(ctx, path) {
		t.warnf("%s holds all that is in the database, in a git work tree that does not ignore "+
			"it: add it to .gitignore, or keep backups in a folder elsewhere", backup)
	}
}

// inWorkTree reports whether a folder that contains path has a .git.
func inWorkTree(path string) bool {
	return slices.ContainsFunc(parents(path), func(dir string) bool {
		_, err := os.Lstat(filepath.Join(dir, ".git"))
		return err == nil
	})
}

// ignoredByGit reports whether git ignores the file, or gives no answer. Only exit code 1 means
// that git does not ignore it (https://git-scm.com/docs/git-check-ignore). Git runs nothing that
// the repository's configuration names.
func ignoredByGit(ctx context.Context, path string) bool {
	name := "./" + filepath.Base(path) // git reads a leading colon as pathspec magic
	git := exec.CommandContext(ctx, "git", "-c", "core.fsmonitor=false",
		"check-ignore", "--quiet", "--no-index", "--", name)
	git.Dir = filepath.Dir(path)
	// Within a hook, git's variables name another repository.
	git.Env = slices.DeleteFunc(os.Environ(), func(variable string) bool {
		return strings.HasPrefix(variable, "GIT_")
	})
	exit, ran := errors.AsType[*exec.ExitError](git.Run())
	return !ran || exit.ExitCode() != 1
}
