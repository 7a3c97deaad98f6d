package sqlite

import (
	"fmt"
	"unsafe"

	"modernc.org/libc"
)

// NewArray returns n zero elements in memory of SQLite's kind, and a function that frees them.
// Because the garbage collector does not count this memory, it does not let the heap grow to twice
// its size. T must have no pointers.
func NewArray[T any](n int) (array []T, free func()) {
	tls := libc.NewTLS()
	size := max(1, n*int(unsafe.Sizeof(*new(T))))
	p := libc.Xcalloc(tls, 1, libc.Tsize_t(size))
	if p == 0 {
		panic(fmt.Sprintf("sqlite: no memory for %d bytes", size))
	}
	array = unsafe.Slice((*T)(unsafe.Pointer(unsafe.SliceData(libc.GoBytes(p, size)))), n)
	return array, func() {
		libc.Xfree(tls, p)
		tls.Close()
	}
}
