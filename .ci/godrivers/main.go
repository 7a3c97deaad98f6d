// Command godrivers fills databases through a driver of database/sql, which a build tag chooses.
//
//	go run -tags mattn . SCHEMA.sql FOLDER
//
// It runs the parts of the script, which lines of "--" separate, on a database in FOLDER and on one
// in memory. Then it fills both twice: the second time all rows are there. It prints the path of
// the database in FOLDER.
package main

import (
	"context"
	"database/sql"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"strings"

	"github.com/seedkit/seedkit/generate"
)

func main() {
	log.SetFlags(0)
	script, err := os.ReadFile(os.Args[1])
	if err != nil {
		log.Fatal(err)
	}
	path := filepath.Join(os.Args[2], "filled.db")
	for _, name := range []string{dataSource(path), ":memory:"} {
		if err := fill(context.Background(), name, string(script)); err != nil {
			log.Fatal(err)
		}
	}
	fmt.Println(path)
}

func fill(ctx context.Context, name, script string) error {
	db, err := sql.Open(driver, name)
	if err != nil {
		return err
	}
	defer db.Close()
	db.SetMaxOpenConns(1)
	for part := range strings.SplitSeq(script, "\n--\n") {
		if _, err := db.ExecContext(ctx, part); err != nil {
			return fmt.Errorf("%s: %w", part, err)
		}
	}
	var before []generate.TableReport
	for range 2 {
		report, err := generate.Fill(ctx, db, generate.Options{
			Sets: []generate.Set{{Name: "all", Fill: fixtures}},
		})
		if err != nil {
			return err
		}
		for i, table := range before {
			if table.Rows != report.Tables[i].Rows {
				return fmt.Errorf("%s has %d rows, then %d", table.Table, table.Rows,
					report.Tables[i].Rows)
			}
		}
		before = report.Tables
	}
	return nil
}

func fixtures(s *generate.Fixtures) {
	text := "two lines,\nü" // a NUL has no place here: libSQL's driver cuts a text there
	s.Add("kinds", "given", generate.Row{
		"name": "given", "flag": true, "at": "2025-01-02 03:04:05", "day": "2025-01-02",
		"number": 2.0, "text": text, "data": []byte{}, "empty": nil,
	})
	s.Add("kinds", "old", generate.Row{"name": "old"})
	for i := range 300 {
		s.Add("kinds", fmt.Sprint(i), generate.Row{"name": fmt.Sprint("row ", i)})
	}
}
