package sqlite

import (
	"sync"

	"modernc.org/libc"
	lib "modernc.org/sqlite/lib"
)

// ChangedRow is a row that is about to be inserted, updated or deleted.
type ChangedRow struct {
	Table string
	// HasOld is false for a row that is inserted. HasNew is false for a row that is deleted.
	HasOld, HasNew bool
	// Rowid is the rowid that the row gets. It means nothing for a table WITHOUT ROWID, and for a
	// row that is deleted.
	Rowid int64

	w *watcher
}

// Old returns a value that the row has. Columns count from 0, in the order of their declaration.
// The value of a generated column that is not stored is unknown: ok is false.
func (r ChangedRow) Old(column int) (v Value, ok bool) {
	w := r.w
	rc := lib.Xsqlite3_preupdate_old(w.c.tls, w.c.db, int32(column), w.out)
	return w.value(rc)
}

// New returns a value that the row gets, like [ChangedRow.Old].
func (r ChangedRow) New(column int) (v Value, ok bool) {
	w := r.w
	rc := lib.Xsqlite3_preupdate_new(w.c.tls, w.c.db, int32(column), w.out)
	return w.value(rc)
}

// Watch calls changed before each change of a row of the main database, also if a trigger, a
// foreign key or a conflict clause makes the change. The row is valid until changed returns, and
// changed must not use the connection. stop ends the calls; the caller must call it before Close.
func (c *Conn) Watch(changed func(ChangedRow)) (stop func()) {
	w := &watcher{c: c, changed: changed, out: libc.Xcalloc(c.tls, 1, ptrSize)}
	watchers.Store(c.db, w)
	lib.Xsqlite3_preupdate_hook(c.tls, c.db, cFunction(rowChanges), 0)
	return func() {
		lib.Xsqlite3_preupdate_hook(c.tls, c.db, 0, 0)
		watchers.Delete(c.db)
		libc.Xfree(c.tls, w.out)
	}
}

// watcher is what [Conn.Watch] calls.
type watcher struct {
	c       *Conn
	changed func(ChangedRow)
	out     uintptr // where SQLite puts the address of a value
}

// watchers holds the watcher of each connection by the address of its sqlite3.
var watchers sync.Map

// value copies the value at w.out.
func (w *watcher) value(rc int32) (Value, bool) {
	if rc != lib.SQLITE_OK {
		return Value{}, false
	}
	tls, p := w.c.tls, word(w.out)
	switch kind := kindOf(lib.Xsqlite3_value_type(tls, p)); kind {
	case Integer:
		return Int(lib.Xsqlite3_value_int64(tls, p)), true
	case Real:
		return Float(lib.Xsqlite3_value_double(tls, p)), true
	case Text:
		text := lib.Xsqlite3_value_text(tls, p)
		return String(w.bytes(text, p)), true
	case Blob:
		blob := lib.Xsqlite3_value_blob(tls, p)
		return Value{kind: Blob, data: w.bytes(blob, p)}, true
	}
	return Value{}, true
}

// bytes copies the bytes at data, of the text or the blob whose value is at p.
func (w *watcher) bytes(data, p uintptr) string {
	n := int(lib.Xsqlite3_value_bytes(w.c.tls, p))
	if data == 0 || n == 0 {
		return ""
	}
	return string(libc.GoBytes(data, n))
}

// rowChanges is the callback of https://sqlite.org/c3ref/preupdate_blobwrite.html.
func rowChanges(_ *libc.TLS, _, db uintptr, op int32, schema, table uintptr, _, rowid int64) {
	found, ok := watchers.Load(db)
	if !ok || libc.GoString(schema) != "main" {
		return
	}
	w := found.(*watcher)
	w.changed(ChangedRow{
		Table: libc.GoString(table), Rowid: rowid, w: w,
		HasOld: op != lib.SQLITE_INSERT, HasNew: op != lib.SQLITE_DELETE,
	})
}
