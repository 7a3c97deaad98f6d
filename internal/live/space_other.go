//go:build !linux

package live

// freeSpace does not know how many bytes the process may still write in a
// folder.
func freeSpace(string) (bytes int64, known bool) { return 0, false }
