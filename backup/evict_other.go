//go:build !linux

package backup

import "os"

// forgetCached does nothing: only Linux lets a process drop a file's pages from the cache.
func forgetCached(*os.File) {}
