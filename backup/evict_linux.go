package backup

import (
	"os"

	"golang.org/x/sys/unix"
)

// forgetCached asks the kernel to drop what it holds of a file that was
// flushed, so that the next read is of what is on the disk.
func forgetCached(f *os.File) {
	_ = unix.Fadvise(int(f.Fd()), 0, 0, unix.FADV_DONTNEED)
}
