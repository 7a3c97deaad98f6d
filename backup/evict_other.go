//go:build !linux

package backup

import "os"

// forgetCached does nothing: only Linux lets a process drop a file's pages from the cache.
func forgetCached(*os.File) {}

// bypassCache returns false: only on Linux files can be read without the cache in this way.
func bypassCache(*os.File) bool { return false }

func useCache(*os.File) {}
