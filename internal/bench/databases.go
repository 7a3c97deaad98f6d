package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"

	"github.com/seedkit/seedkit/internal/sqlite"
)

// seed determines the content of the databases. Every change to the content must change seed too,
// so that nobody measures with old databases.
const seed = 1

// A database is an input for the stages.
type database struct {
	name   string
	what   string // what the database is an example of
	tables []table
}

type table struct {
	sql  string // CREATE TABLE, and the table's indexes
	into string // the target of INSERT INTO
	rows int
	row  func(r *values, i int) []any
}

var databases = []database{
	{"wide", "User and Note, 1.2 million rows", wideTables},
	{"varied", "a dozen tables of every kind", variedTables},
}

// path returns the path of the database in dir. It creates the database if it does not exist.
func (d database) path(ctx context.Context, dir string) (string, error) {
	path := filepath.Join(dir, fmt.Sprintf("%s-%d.db", d.name, seed))
	if _, err := os.Stat(path); !errors.Is(err, fs.ErrNotExist) {
		return path, err
	}
	unfinished := path + ".new"
	if err := os.Remove(unfinished); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return "", err
	}
	if err := d.build(ctx, unfinished); err != nil {
		return "", fmt.Errorf("make the database %s: %w", d.name, err)
	}
	return path, os.Rename(unfinished, path)
}

func (d database) build(ctx context.Context, path string) error {
	c, err := sqlite.Open(ctx, path, sqlite.Create)
	if err != nil {
		return err
	}
	defer c.Close()
	const begin = "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; BEGIN"
	if err := c.ExecScript(begin); err != nil {
		return err
	}
	r := &values{rand.New(rand.NewPCG(seed, 0))}
	for _, t := range d.tables {
		if err := t.fill(c, r); err != nil {
			return err
		}
	}
	return c.ExecScript("COMMIT; PRAGMA journal_mode = WAL")
}

func (t table) fill(c *sqlite.Conn, r *values) error {
	if err := c.ExecScript(t.sql); err != nil {
		return err
	}
	width := len(t.row(&values{rand.New(rand.NewPCG(seed, 1))}, 1))
	insert, err := c.PrepareOne("INSERT INTO " + t.into + " VALUES(?" +
		strings.Repeat(",?", width-1) + ")")
	if err != nil {
		return err
	}
	defer insert.Close()
	for i := range t.rows {
		if err := insert.Exec(t.row(r, i+1)...); err != nil {
			return err
		}
	}
	return nil
}
