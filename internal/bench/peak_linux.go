package main

import (
	"os"
	"syscall"
)

// peakMemory is the peak memory of the command, or of a process that it waited for.
func peakMemory(p *os.ProcessState) int64 {
	usage, ok := p.SysUsage().(*syscall.Rusage)
	if !ok {
		return 0
	}
	return int64(usage.Maxrss) * 1024
}
