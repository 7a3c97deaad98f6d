package project

import "testing"

// SetMostFolders sets how many folders are looked through, for one test.
func SetMostFolders(t *testing.T, n int) {
	old := mostFolders
	t.Cleanup(func() { mostFolders = old })
	mostFolders = n
}
