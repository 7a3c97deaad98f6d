package project

import "testing"

// SetMostFolders sets for one test how many folders a search may read.
func SetMostFolders(t *testing.T, n int) {
	old := mostFolders
	t.Cleanup(func() { mostFolders = old })
	mostFolders = n
}
