package dump_test

import (
	"context"
	"errors"
	"io/fs"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/seedkit/seedkit/dump"
	"github.com/seedkit/seedkit/internal/sqlite"
)

func TestStatementsAreTheScript(t *testing.T) {
	for _, b := range behaviours(t) {
		t.Run(b.name, func(t *testing.T) {
			path := build(t, b.sql)
			var got strings.Builder
			for statement, err := range dump.Statements(t.Context(), path, dump.Options{}) {
				if err != nil {
					t.Fatal(err)
				}
				got.WriteString(statement + "\n")
			}
			if diff := lineDiff(dumped(t, path, dump.Options{}), got.String()); diff != "" {
				t.Errorf("(-script +statements):\n%s", diff)
			}
		})
	}
}

func TestStatementsAreWhole(t *testing.T) {
	long := strings.Repeat("line\n", 100_000)
	path := build(t, "CREATE TABLE t(x, y); CREATE INDEX i -- by x\nON t(x); INSERT INTO t VALUES(1, '"+long+"'), (2, 'y')")
	var got []string
	for statement, err := range dump.Statements(t.Context(), path, dump.Options{}) {
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, statement)
	}
	want := []string{
		"PRAGMA foreign_keys=OFF;",
		"BEGIN TRANSACTION;",
		"CREATE TABLE t(x, y);",
		"INSERT INTO t VALUES(1,unistr('" + strings.ReplaceAll(long, "\n", `\u000a`) + "'));",
		"INSERT INTO t VALUES(2,'y');",
		"CREATE INDEX i -- by x\nON t(x)\n;",
		"COMMIT;",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestLeavingStatementsClosesTheDatabase(t *testing.T) {
	path := build(t, manyRows)
	for range dump.Statements(t.Context(), path, dump.Options{}) {
		break
	}
	writer, err := sqlite.Open(t.Context(), path, sqlite.ReadWrite)
	if err != nil {
		t.Fatal(err)
	}
	defer writer.Close()
	writer.SetBusyTimeout(0)
	if err := writer.Exec("DELETE FROM many"); err != nil {
		t.Errorf("the database is still being read: %v", err)
	}
}

func TestStatementsEndWithTheError(t *testing.T) {
	for statement, err := range dump.Statements(context.Background(), t.TempDir()+"/none.db", dump.Options{}) {
		if statement != "" || !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("got %q, %v", statement, err)
		}
	}
}
