package main

import (
	"os"
	"syscall"
)

// peakMemory is the most memory that the command, or one that it waited for,
// had at a time.
func peakMemory(p *os.ProcessState) int64 {
	usage, ok := p.SysUsage().(*syscall.Rusage)
	if !ok {
		return 0
	}
	return int64(usage.Maxrss) * 1024
}
