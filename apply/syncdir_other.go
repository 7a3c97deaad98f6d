//go:build !unix

package apply

// syncDir does nothing: only Unix lets a process flush a folder.
func syncDir(string) error { return nil }
