//go:build !linux

package main

import "os"

// peakMemory is unknown, because systems report it in different units.
func peakMemory(*os.ProcessState) int64 { return 0 }
