package dump_test

import (
	"bytes"
	"context"
	"errors"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/seedkit/seedkit/dump"
)

// TestDamagedDatabases changes some bytes of databases. Decoding must return what SQLite returns,
// or an error.
func TestDamagedDatabases(t *testing.T) {
	for seed := range uint64(20) {
		path := filepath.Join(t.TempDir(), "random.db")
		newRandomDatabase(t, path, seed)
		whole, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		r := rand.New(rand.NewPCG(seed, 1))
		for range 20 {
			dumpDamaged(t, damage(r, whole))
		}
	}
}

// damage changes bytes, most of them at the start of pages, or cuts the file.
func damage(r *rand.Rand, whole []byte) []byte {
	file := bytes.Clone(whole)
	for range 1 + r.IntN(4) {
		at := 100 + r.IntN(len(file)-100)
		if r.IntN(3) > 0 {
			at = max(100, at&^511+r.IntN(40))
		}
		file[at] = byte(r.Uint32()) >> r.IntN(8)
	}
	if r.IntN(10) == 0 {
		file = file[:r.IntN(len(file))]
	}
	return file
}

// small has few pages, so that the fuzzer is fast.
const small = `PRAGMA page_size = 512;
	CREATE TABLE t(id INTEGER PRIMARY KEY, x TEXT UNIQUE, y REAL);
	WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20)
		INSERT INTO t SELECT i, i || char(10), i FROM n;
	ALTER TABLE t ADD COLUMN z DEFAULT 'z'; INSERT INTO t(x) VALUES(printf('%.*c', 1200, ''''));
	CREATE TABLE w(a PRIMARY KEY, b) WITHOUT ROWID; INSERT INTO w SELECT x, y FROM t;`

func FuzzDamagedDatabases(f *testing.F) {
	for _, script := range []string{small, "PRAGMA encoding = 'UTF-16le';" + small} {
		whole, err := os.ReadFile(build(f, script))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(whole)
	}
	f.Fuzz(func(t *testing.T, file []byte) { dumpDamaged(t, file) })
}

// dumpDamaged dumps a file both ways and compares the results.
func dumpDamaged(t *testing.T, file []byte) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "damaged.db")
	if err := os.WriteFile(path, file, 0o666); err != nil {
		t.Fatal(err)
	}
	selected, selectErr := dumpWithin(t, dump.WriteSelecting, path)
	decoded, decodeErr := dumpWithin(t, dump.WriteDecoding, path)
	if decodeErr != nil {
		return // SQLite continues after a cell that is invalid
	}
	if selectErr != nil {
		t.Errorf("decoding overlooks: %v", selectErr)
	} else if diff := lineDiff(selected, decoded); diff != "" {
		t.Errorf("(-selecting +decoding):\n%s", diff)
	}
}

// dumpWithin fails if a dump is too long for such a small database, or takes too long.
func dumpWithin(t *testing.T, write writer, path string) (string, error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	var out bytes.Buffer
	_, err := write(ctx, limited{&out}, path, dump.Options{})
	if errors.Is(err, context.DeadlineExceeded) || errors.Is(err, errTooLong) {
		t.Error(err)
	}
	return out.String(), err
}

type limited struct{ *bytes.Buffer }

var errTooLong = errors.New("too long")

func (l limited) Write(p []byte) (int, error) {
	if l.Len() > 100<<20 {
		return 0, errTooLong
	}
	return l.Buffer.Write(p)
}
