package dump_test

import (
	"bytes"
	"context"
	"fmt"
	"log"
	"os"
	"path/filepath"

	"github.com/seedkit/seedkit/dump"
	"github.com/seedkit/seedkit/internal/sqlite"
)

func Example() {
	path, remove := notesDatabase()
	defer remove()

	var script bytes.Buffer
	stats, err := dump.Write(context.Background(), &script, path, dump.Options{})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Print(script.String())
	fmt.Printf("-- %d row, %d bytes\n", stats.Rows, stats.Bytes)

	// Output:
	// PRAGMA foreign_keys=OFF;
	// BEGIN TRANSACTION;
	// CREATE TABLE IF NOT EXISTS "Note"(id TEXT PRIMARY KEY, content TEXT NOT NULL);
	// INSERT INTO Note VALUES('n1',unistr('Koalas sleep\u000aall day'));
	// COMMIT;
	// -- 1 row, 198 bytes
}

// notesDatabase creates a database and returns its path.
func notesDatabase() (path string, remove func()) {
	dir, err := os.MkdirTemp("", "seedkit")
	if err != nil {
		log.Fatal(err)
	}
	path = filepath.Join(dir, "notes.db")
	c, err := sqlite.Open(context.Background(), path, sqlite.Create)
	if err != nil {
		log.Fatal(err)
	}
	defer c.Close()
	err = c.ExecScript(`CREATE TABLE "Note"(id TEXT PRIMARY KEY, content TEXT NOT NULL);
		INSERT INTO Note VALUES('n1', 'Koalas sleep' || char(10) || 'all day')`)
	if err != nil {
		log.Fatal(err)
	}
	return path, func() { os.RemoveAll(dir) }
}
