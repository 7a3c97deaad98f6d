package tempfile

import (
	"errors"
	"io"
)

// CanSeek reports whether r can go back to a position.
func CanSeek(r io.Reader) bool {
	seeker, ok := r.(io.Seeker)
	if ok {
		_, err := seeker.Seek(0, io.SeekCurrent)
		ok = err == nil
	}
	return ok
}

// Kept makes a text readable again that can be read only once, such as standard input. It keeps the
// text that was read in a temporary file.
type Kept struct {
	from io.Reader
	file File
	at   int64 // The offset of the next read.
	kept int64 // The number of bytes in file.
	err  error // The error with which from ended.
}

// Keep returns a reader of r that keeps what it reads. The caller must close it.
func Keep(r io.Reader) (*Kept, error) {
	file, err := New()
	return &Kept{from: r, file: file}, err
}

func (k *Kept) Read(p []byte) (n int, err error) {
	if k.at < k.kept {
		n, err = k.file.ReadAt(p[:min(int64(len(p)), k.kept-k.at)], k.at)
		k.at += int64(n)
		return n, err
	}
	if k.err != nil {
		return 0, k.err
	}
	n, k.err = k.from.Read(p)
	if _, err := k.file.Write(p[:n]); err != nil {
		k.err = err
		return 0, err
	}
	k.kept += int64(n)
	k.at = k.kept
	return n, k.err
}

// Seek moves to a position up to which the text was read.
func (k *Kept) Seek(offset int64, whence int) (int64, error) {
	if whence == io.SeekCurrent {
		offset += k.at
	}
	if whence == io.SeekEnd || offset < 0 || offset > k.kept {
		return k.at, errors.ErrUnsupported
	}
	k.at = offset
	return offset, nil
}

// Close deletes what was kept.
func (k *Kept) Close() error { return k.file.Close() }
