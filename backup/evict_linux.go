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

// bypassCache makes reads of a flushed file come from the disk, without a copy in the kernel's
// cache. It reports whether the file system allows that: reads must then begin and end at multiples
// of directAlignment, and so must their memory.
func bypassCache(f *os.File) bool { return setDirect(f, true) }

// useCache ends bypassCache.
func useCache(f *os.File) { setDirect(f, false) }

func setDirect(f *os.File, direct bool) bool {
	flags, err := unix.FcntlInt(f.Fd(), unix.F_GETFL, 0)
	if err != nil {
		return false
	}
	flags &^= unix.O_DIRECT
	if direct {
		flags |= unix.O_DIRECT
	}
	_, err = unix.FcntlInt(f.Fd(), unix.F_SETFL, flags)
	return err == nil
}
