package sqlite

import (
	"context"
	"fmt"
	"sync/atomic"
	"time"
	"unsafe"

	"modernc.org/libc"
	lib "modernc.org/sqlite/lib"
)

var _ = fmt.Sprint
var _ = atomic.Int32{}
var _ context.Context

func fp[T any](f T) uintptr { return *(*uintptr)(unsafe.Pointer(&struct{ f T }{f})) }

func nowMs(tls *libc.TLS, vfs, out uintptr) int32 {
	v := (*lib.Tsqlite3_vfs)(unsafe.Pointer(vfs))
	_ = v
	*(*int64)(unsafe.Pointer(out)) = *(*int64)(unsafe.Pointer(vfs + unsafe.Sizeof(lib.Tsqlite3_vfs{})))
	return 0
}

func proto(now time.Time) {
	tls := libc.NewTLS()
	def := lib.Xsqlite3_vfs_find(tls, 0)
	size := unsafe.Sizeof(lib.Tsqlite3_vfs{})
	p := libc.Xcalloc(tls, 1, libc.Tsize_t(size+8))
	copy(libc.GoBytes(p, int(size)), libc.GoBytes(def, int(size)))
	name, _ := libc.CString("seedkit-pinned")
	v := (*lib.Tsqlite3_vfs)(unsafe.Pointer(p))
	v.FzName = name
	v.FxCurrentTimeInt64 = fp(nowMs)
	v.FpNext = 0
	*(*int64)(unsafe.Pointer(p + size)) = now.UnixMilli() + 210866760000000
	fmt.Println(lib.Xsqlite3_vfs_register(tls, p, 0))
	path, _ := libc.CString("")
	out := libc.Xcalloc(tls, 1, 8)
	rc := lib.Xsqlite3_open_v2(tls, path, out, lib.SQLITE_OPEN_READWRITE|lib.SQLITE_OPEN_CREATE, name)
	fmt.Println(rc)
	c := &Conn{ctx: context.Background(), tls: tls, db: word(out)}
	for _, q := range []string{"SELECT CURRENT_TIMESTAMP", "SELECT datetime('now')", "SELECT unixepoch('subsec')", "SELECT strftime('%s','now')", "SELECT random()"} {
		v, err := c.Value(q)
		fmt.Println(v, err)
	}
	fmt.Println(c.ExecScript("CREATE TABLE t(x DEFAULT CURRENT_TIMESTAMP, y DEFAULT \"abc\"); INSERT INTO t DEFAULT VALUES; VACUUM; PRAGMA application_id=77; CREATE TABLE big(x); INSERT INTO big SELECT randomblob(1000) FROM (WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n LIMIT 10000) SELECT i FROM n)"))
	n := 0
	for r, err := range c.Query("SELECT data FROM sqlite_dbpage ORDER BY pgno") {
		if err != nil {
			fmt.Println(err)
			break
		}
		if n == 0 {
			fmt.Printf("%x\n", r.View(0)[:100])
		}
		n += len(r.View(0))
	}
	fmt.Println(n)
}
