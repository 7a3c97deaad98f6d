package backup

import (
	"io"
	"os"
	"unsafe"
)

// directAlignment is what the position and the memory of reads without the kernel's cache must be a
// multiple of. Disks need 512 or 4096 bytes.
const directAlignment = 4096

// readSize is the number of bytes that a diskReader reads at once.
const readSize = 1 << 20

// diskReader reads a flushed file from the disk: without the kernel's cache where the file system
// allows that, otherwise after the cached pages were dropped.
type diskReader struct {
	file   *os.File
	direct bool
	at     int64
	block  []byte // aligned
	rest   []byte // the part of block that was not read yet
}

// newDiskReader returns a reader from the start of the file. The caller must close it.
func newDiskReader(f *os.File) *diskReader {
	raw := make([]byte, readSize+directAlignment)
	skip := -int(uintptr(unsafe.Pointer(unsafe.SliceData(raw)))) & (directAlignment - 1)
	r := &diskReader{file: f, direct: bypassCache(f), block: raw[skip:][:readSize]}
	if !r.direct {
		forgetCached(f)
	}
	return r
}

// Close lets others use the file as before.
func (r *diskReader) Close() error {
	if r.direct {
		useCache(r.file)
	}
	return nil
}

func (r *diskReader) Read(p []byte) (int, error) {
	if len(r.rest) == 0 {
		n, err := r.file.ReadAt(r.block, r.at)
		if n == 0 && err != io.EOF && r.direct {
			// some file systems refuse a read that they have not refused to prepare
			useCache(r.file)
			r.direct = false
			forgetCached(r.file)
			n, err = r.file.ReadAt(r.block, r.at)
		}
		if n == 0 {
			return 0, err
		}
		r.at += int64(n)
		r.rest = r.block[:n]
	}
	n := copy(p, r.rest)
	r.rest = r.rest[n:]
	return n, nil
}
