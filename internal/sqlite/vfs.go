package sqlite

import (
	"bytes"
	"fmt"
	"sync"
	"sync/atomic"
	"unsafe"

	"modernc.org/libc"
	lib "modernc.org/sqlite/lib"
)

// vfs is SQLite's own interface to the operating system (https://sqlite.org/vfs.html) with some
// functions of seedkit: the clock of a [World] and the file of an [overlay]. It serves one
// connection.
type vfs struct {
	p, name uintptr // the addresses of the sqlite3_vfs and its name, in C's memory
}

// worlds holds the [World] of every vfs, by the address of its sqlite3_vfs. SQLite passes only this
// address to callbacks.
var worlds sync.Map

func worldOf(p uintptr) World {
	world, _ := worlds.Load(p)
	return world.(World)
}

// vfsCount makes the names unique under which SQLite registers vfs.
var vfsCount atomic.Int64

const vfsSize = unsafe.Sizeof(lib.Tsqlite3_vfs{})

// ownVFS is a copy of SQLite's own sqlite3_vfs. It is made before the first vfs is registered,
// because that changes the link to the next one.
var ownVFS = sync.OnceValue(func() []byte {
	tls := libc.NewTLS()
	defer tls.Close()
	return bytes.Clone(libc.GoBytes(lib.Xsqlite3_vfs_find(tls, 0), int(vfsSize)))
})

func newVFS(tls *libc.TLS, world World) (*vfs, error) {
	v, err := registerVFS(tls, func(own *lib.Tsqlite3_vfs) {
		own.FxCurrentTimeInt64 = cFunction(currentTime)
	})
	if err == nil {
		worlds.Store(v.p, world)
	}
	return v, err
}

// registerVFS makes a VFS with SQLite's own functions, except for the functions that override sets.
func registerVFS(tls *libc.TLS, override func(*lib.Tsqlite3_vfs)) (*vfs, error) {
	name, err := libc.CString(fmt.Sprintf("seedkit%d", vfsCount.Add(1)))
	if err != nil {
		return nil, err
	}
	v := &vfs{p: libc.Xcalloc(tls, 1, libc.Tsize_t(vfsSize)), name: name}
	copy(libc.GoBytes(v.p, int(vfsSize)), ownVFS())
	c := (*lib.Tsqlite3_vfs)(unsafe.Pointer(unsafe.SliceData(libc.GoBytes(v.p, int(vfsSize)))))
	c.FpNext, c.FzName = 0, name
	override(c)
	if rc := lib.Xsqlite3_vfs_register(tls, v.p, 0); rc != lib.SQLITE_OK {
		v.free(tls)
		return nil, &Error{Extended: rc, Msg: "register a VFS", Offset: -1}
	}
	return v, nil
}

// cName returns the name in C's memory, or 0 for a nil vfs, which selects SQLite's own.
func (v *vfs) cName() uintptr {
	if v == nil {
		return 0
	}
	return v.name
}

func (v *vfs) free(tls *libc.TLS) {
	if v == nil {
		return
	}
	lib.Xsqlite3_vfs_unregister(tls, v.p)
	worlds.Delete(v.p)
	overlays.Delete(v.p)
	libc.Xfree(tls, v.p)
	libc.Xfree(tls, v.name)
}

// currentTime is xCurrentTimeInt64: the milliseconds since noon in Greenwich on November 24, 4714
// BC (https://sqlite.org/c3ref/vfs.html).
func currentTime(_ *libc.TLS, p, out uintptr) int32 {
	const unixEpoch = 210_866_760_000_000
	now := unixEpoch + worldOf(p).Now().UnixMilli()
	copy(libc.GoBytes(out, 8), unsafe.Slice((*byte)(unsafe.Pointer(&now)), 8))
	return lib.SQLITE_OK
}

// cFunction makes a function callable from C, like modernc.org/sqlite does. A Go function value
// points to the address of the code (https://go.dev/s/go11func). f must not be a closure, because a
// closure can move.
func cFunction[F any](f F) uintptr {
	return *(*uintptr)(unsafe.Pointer(&struct{ f F }{f}))
}
