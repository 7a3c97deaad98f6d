package sqlite

import (
	"context"
	"errors"
	"sync"
	"unsafe"

	"modernc.org/libc"
	lib "modernc.org/sqlite/lib"
)

// SQLite calls the functions of this file to use an [overlay] as a file
// (https://sqlite.org/c3ref/io_methods.html).

// overlayMethods returns the sqlite3_io_methods of all overlays, in C memory.
var overlayMethods = sync.OnceValue(func() uintptr {
	tls := libc.NewTLS()
	defer tls.Close()
	const size = unsafe.Sizeof(lib.Tsqlite3_io_methods{})
	p := libc.Xcalloc(tls, 1, libc.Tsize_t(size))
	m := (*lib.Tsqlite3_io_methods)(unsafe.Pointer(unsafe.SliceData(view(p, int(size)))))
	m.FiVersion = 1
	m.FxClose = cFunction(overlayClose)
	m.FxRead = cFunction(overlayRead)
	m.FxWrite = cFunction(overlayWrite)
	m.FxTruncate = cFunction(overlayTruncate)
	m.FxSync = cFunction(overlaySync)
	m.FxFileSize = cFunction(overlayFileSize)
	m.FxLock = cFunction(overlayLock)
	m.FxUnlock = cFunction(overlayLock)
	m.FxCheckReservedLock = cFunction(overlayCheckReservedLock)
	m.FxFileControl = cFunction(overlayFileControl)
	m.FxSectorSize = cFunction(overlaySectorSize)
	m.FxDeviceCharacteristics = cFunction(overlayCharacteristics)
	return p
})

// overlayFile is the file of an overlay: a sqlite3_file, and after it the address of its VFS.
type overlayFile struct{ methods, vfs uintptr }

func fileAt(p uintptr) *overlayFile {
	const size = int(unsafe.Sizeof(overlayFile{}))
	return (*overlayFile)(unsafe.Pointer(unsafe.SliceData(view(p, size))))
}

func overlayOf(file uintptr) *overlay {
	o, _ := overlays.Load(fileAt(file).vfs)
	return o.(*overlay)
}

func overlayOpen(tls *libc.TLS, vfs, name, file uintptr, flags int32, outFlags uintptr) int32 {
	if flags&lib.SQLITE_OPEN_MAIN_DB != 0 {
		*fileAt(file) = overlayFile{methods: overlayMethods(), vfs: vfs}
		if outFlags != 0 {
			putInt32(outFlags, flags)
		}
		return lib.SQLITE_OK
	}
	if flags&lib.SQLITE_OPEN_MAIN_JOURNAL != 0 {
		name = 0
		flags = lib.SQLITE_OPEN_READWRITE | lib.SQLITE_OPEN_CREATE | lib.SQLITE_OPEN_EXCLUSIVE |
			lib.SQLITE_OPEN_DELETEONCLOSE | lib.SQLITE_OPEN_TEMP_JOURNAL
	}
	type xOpen = func(tls *libc.TLS, vfs, name, file uintptr, flags int32, outFlags uintptr) int32
	open := struct{ code uintptr }{ownOpen()}
	return (*(*xOpen)(unsafe.Pointer(&open)))(tls, vfs, name, file, flags, outFlags)
}

// ownOpen returns xOpen of SQLite's default VFS.
func ownOpen() uintptr {
	return (*lib.Tsqlite3_vfs)(unsafe.Pointer(unsafe.SliceData(ownVFS()))).FxOpen
}

func overlayAccess(_ *libc.TLS, _, _ uintptr, _ int32, out uintptr) int32 {
	putInt32(out, 0)
	return lib.SQLITE_OK
}

func overlayDelete(*libc.TLS, uintptr, uintptr, int32) int32 { return lib.SQLITE_OK }

func overlayClose(*libc.TLS, uintptr) int32 { return lib.SQLITE_OK }

func overlayRead(_ *libc.TLS, file, dst uintptr, n int32, offset int64) int32 {
	switch err := overlayOf(file).readAt(view(dst, int(n)), offset); {
	case errors.Is(err, errShortRead):
		return lib.SQLITE_IOERR_SHORT_READ
	case err != nil:
		return overlayOf(file).fail(err, lib.SQLITE_IOERR_READ)
	}
	return lib.SQLITE_OK
}

func overlayWrite(_ *libc.TLS, file, src uintptr, n int32, offset int64) int32 {
	o := overlayOf(file)
	if int64(n) != o.pageSize || offset%o.pageSize != 0 {
		return lib.SQLITE_IOERR_WRITE
	}
	if err := o.writePage(offset/o.pageSize+1, view(src, int(n))); err != nil {
		return o.fail(err, lib.SQLITE_IOERR_WRITE)
	}
	return lib.SQLITE_OK
}

func overlayTruncate(_ *libc.TLS, file uintptr, size int64) int32 {
	o := overlayOf(file)
	o.truncate((size + o.pageSize - 1) / o.pageSize)
	return lib.SQLITE_OK
}

// fail returns the code of SQLite's error if err is one, and that of an interrupt if the context
// has ended. Otherwise it keeps err, and returns code.
func (o *overlay) fail(err error, code int32) int32 {
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return lib.SQLITE_INTERRUPT
	}
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Extended
	}
	if o.failed == nil {
		o.failed = err
	}
	return code
}

func overlaySync(*libc.TLS, uintptr, int32) int32 { return lib.SQLITE_OK }

func overlayFileSize(_ *libc.TLS, file, out uintptr) int32 {
	o := overlayOf(file)
	putInt64(out, o.pages*o.pageSize)
	return lib.SQLITE_OK
}

func overlayLock(*libc.TLS, uintptr, int32) int32 { return lib.SQLITE_OK }

func overlayCheckReservedLock(_ *libc.TLS, _, out uintptr) int32 {
	putInt32(out, 0)
	return lib.SQLITE_OK
}

func overlayFileControl(*libc.TLS, uintptr, int32, uintptr) int32 { return lib.SQLITE_NOTFOUND }

func overlaySectorSize(*libc.TLS, uintptr) int32 { return 4096 }

func overlayCharacteristics(*libc.TLS, uintptr) int32 { return 0 }
