package backup

import (
	"os"

	"golang.org/x/sys/unix"
)

// forgetCached asks the kernel to drop the cached pages of a flushed file, so that the next read is
// from the disk.
func forgetCached(f *os.File) {
	_ = unix.Fadvise(int(f.Fd()), 0, 0, unix.FADV_DONTNEED)
}
