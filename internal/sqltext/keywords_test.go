package sqltext_test

import (
	"encoding/binary"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"modernc.org/libc"
	lib "modernc.org/sqlite/lib"

	"github.com/seedkit/seedkit/internal/sqltext"
)

// TestKeywords compares the table of keywords with SQLite's own.
func TestKeywords(t *testing.T) {
	tls := libc.NewTLS()
	defer tls.Close()
	want := map[string]bool{}
	for i := range lib.Xsqlite3_keyword_count(tls) {
		want[keyword(t, tls, i)] = true
	}
	if diff := cmp.Diff(want, sqltext.Keywords); diff != "" {
		t.Errorf("(-SQLite +sqltext)\n%s", diff)
	}
	for word := range want {
		name := strings.ToLower(word)
		if got := sqltext.Ident(name); got != sqltext.QuoteIdent(name) {
			t.Errorf("Ident(%q) is %s", name, got)
		}
	}
}

// keyword returns the i-th keyword (https://sqlite.org/c3ref/keyword_check.html). It needs a 64-bit
// machine.
func keyword(t *testing.T, tls *libc.TLS, i int32) string {
	t.Helper()
	const pointer = 8
	out := libc.Xcalloc(tls, 2, pointer)
	defer libc.Xfree(tls, out)
	if rc := lib.Xsqlite3_keyword_name(tls, i, out, out+pointer); rc != lib.SQLITE_OK {
		t.Fatalf("sqlite3_keyword_name(%d): %d", i, rc)
	}
	name := binary.NativeEndian.Uint64(libc.GoBytes(out, pointer))
	length := binary.NativeEndian.Uint32(libc.GoBytes(out+pointer, 4))
	return string(libc.GoBytes(uintptr(name), int(length)))
}
