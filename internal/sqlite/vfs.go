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

// vfs is SQLite's own way to the operating system, but for some functions of
// ours (https://sqlite.org/vfs.html): the clock of a [World], the file of an
// [overlay]. It serves one connection.
type vfs struct {
	p, name uintptr // of the sqlite3_vfs and its name, in C's memory
}

// worlds holds the [World] of each vfs, by the address of its sqlite3_vfs:
// what SQLite calls back is told no more than that.
var worlds sync.Map

func worldOf(p uintptr) World {
	world, _ := worlds.Load(p)
	return world.(World)
}

// vfsCount makes the names differ under which SQLite registers them.
var vfsCount atomic.Int64

const vfsSize = unsafe.Sizeof(lib.Tsqlite3_vfs{})

// ownVFS is a copy of SQLite's own sqlite3_vfs, made before the first of ours
// is registered, which changes the link to the next one in it.
var ownVFS = sync.OnceValue(func() []byte {
	tls := libc.NewTLS()
	defer tls.Close()
	return bytes.Clone(libc.GoBytes(lib.Xsqlite3_vfs_find(tls, 0), int(vfsSize)))
})

func newVFS(tls *libc.TLS, world World) (*vfs, error) {
	v, err := registerVFS(tls, func(own *lib.Tsqlite3_vfs) { own.FxCurrentTimeInt64 = cFunction(currentTime) })
	if err == nil {
		worlds.Store(v.p, world)
	}
	return v, err
}

// registerVFS makes a VFS whose functions are SQLite's own, but for those that
// override sets.
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

// cName is the name in C's memory; of a nil vfs, 0, which is SQLite's own.
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

// currentTime is xCurrentTimeInt64: milliseconds since noon in Greenwich on
// November 24, 4714 BC (https://sqlite.org/c3ref/vfs.html).
func currentTime(_ *libc.TLS, p, out uintptr) int32 {
	const unixEpoch = 210_866_760_000_000
	now := unixEpoch + worldOf(p).Now().UnixMilli()
	copy(libc.GoBytes(out, 8), unsafe.Slice((*byte)(unsafe.Pointer(&now)), 8))
	return lib.SQLITE_OK
}

// cFunction makes a function known to C's side as modernc.org/sqlite does: a
// Go function value points to where the code's address is
// (https://go.dev/s/go11func). f must be no closure, which would move.
func cFunction[F any](f F) uintptr {
	return *(*uintptr)(unsafe.Pointer(&struct{ f F }{f}))
}
