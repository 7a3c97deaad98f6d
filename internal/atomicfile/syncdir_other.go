//go:build !unix

package atomicfile

// SyncDir does nothing: only Unix lets a process flush a directory.
func SyncDir(string) error { return nil }
