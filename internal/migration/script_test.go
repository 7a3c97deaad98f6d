package migration_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seedkit/seedkit/internal/migration"
	"github.com/seedkit/seedkit/internal/sqlite"
)

func TestQueries(t *testing.T) {
	tests := []struct {
		name, script string
		format       migration.Format
		want         []migration.Query
		transaction  bool
	}{
		{"Prisma", "a;\nb;", migration.Prisma, []migration.Query{{"a;\nb;", 1}}, false},
		{"golang-migrate", "a;\nb;", migration.GolangMigrate, []migration.Query{{"a;\nb;", 1}},
			true},
		{"Diesel", "a;\nb;", migration.Diesel, []migration.Query{{"a;\nb;", 1}}, true},
		{"Diesel without a transaction", "-- c\nBEGIN;\na;", migration.Diesel,
			[]migration.Query{{"-- c\nBEGIN;\na;", 1}}, false},
		{"sqlx", "a;\nb;", migration.Sqlx, []migration.Query{{"a;\nb;", 1}}, true},
		{"sqlx without a transaction", "-- no-transaction\na;", migration.Sqlx,
			[]migration.Query{{"-- no-transaction\na;", 1}}, false},
		{"dbmate", "-- c\n\n-- migrate:up\na;\n--migrate:down\nb;\n", migration.Dbmate,
			[]migration.Query{{"-- migrate:up\na;\n", 3}}, true},
		{"dbmate without a transaction", "-- migrate:up a:b transaction:false\n-- migrate:down\n",
			migration.Dbmate,
			[]migration.Query{{"-- migrate:up a:b transaction:false\n", 1}}, false},
		{"dbmate's mark in a string", "-- migrate:up\nSELECT '\n-- migrate:down\n';",
			migration.Dbmate,
			[]migration.Query{{"-- migrate:up\nSELECT '\n", 1}}, true},
		{"drizzle", "a--> statement-breakpoint\nb", migration.Drizzle,
			[]migration.Query{{"a", 1}, {"\nb", 1}}, true},
		{"drizzle, in a string", "SELECT 'a--> statement-breakpoint'", migration.Drizzle, nil,
			true},
		{"D1", "a;\nb;", migration.D1, []migration.Query{{"a;\nb;", 1}}, true},
		{"D1, an exported database", "BEGIN TRANSACTION;\na;\nCOMMIT;\n", migration.D1,
			[]migration.Query{{"\na;\n\n", 1}}, true},
		{"D1, COMMIT in a string", "SELECT 'COMMIT;';", migration.D1,
			[]migration.Query{{"SELECT 'COMMIT;';", 1}}, true},
		{"goose", "\n-- c\n-- +goose Up\n-- c\n\na -- ;\n  b; -- c\nd;\n\n-- +goose Down\ne;\n",
			migration.Goose,
			[]migration.Query{{"a -- ;\n  b; -- c\n", 6}, {"d;\n", 8}}, true},
		{"goose, line ends", "-- +goose Up\r\nSELECT 'a\r\nb';\r\n", migration.Goose,
			[]migration.Query{{"SELECT 'a\nb';\n", 2}}, true},
		{"goose, a semicolon in a string", "-- +goose Up\nSELECT 'a;\nb';\n", migration.Goose,
			[]migration.Query{{"SELECT 'a;\n", 2}, {"b';\n", 3}}, true},
		{"goose, dashes in a string", "-- +goose Up\nSELECT ' --';\nSELECT 1;\n", migration.Goose,
			[]migration.Query{{"SELECT ' --';\nSELECT 1;\n", 2}}, true},
		{"goose, one statement",
			"-- +goose Up\n-- +goose StatementBegin\na;\nb;\n-- +goose StatementEnd\nc;\n",
			migration.Goose,
			[]migration.Query{{"a;\nb;\n", 3}, {"c;\n", 6}}, true},
		{"goose, after an empty statement",
			"-- +goose Up\n-- +goose statementbegin\n-- +goose StatementEnd\na;\nb;\n",
			migration.Goose,
			[]migration.Query{{"", 4}, {"b;\n", 5}}, true},
		{"goose without a transaction", "-- +goose Up\na;\n-- +goose no transaction\n",
			migration.Goose, []migration.Query{{"a;\n", 2}}, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := parse(t, tt.format, tt.script)
			got, err := s.Queries()
			if (err != nil) != (tt.want == nil) {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" && tt.want != nil {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if s.InTransaction() != tt.transaction {
				t.Errorf("in a transaction: %v, want %v", s.InTransaction(), tt.transaction)
			}
		})
	}
}

func TestQueriesRefuse(t *testing.T) {
	tests := []struct {
		name, script string
		format       migration.Format
		line         int
		want         string
	}{
		{"no mark", "SELECT 1;", migration.Goose, 1, "before \"-- +goose Up\""},
		{"nothing", "", migration.Goose, 1, "wants a line \"-- +goose Up\""},
		{"two Ups", "-- +goose Up\n-- +goose Up\n", migration.Goose, 2, "wants one"},
		{"Down first", "-- +goose Down\n", migration.Goose, 1, "wants one"},
		{"an indented mark", "-- +goose Up\n -- +goose Down\n", migration.Goose, 2,
			"beginning of a line"},
		{"an unknown mark", "-- +goose Up\n-- +goose Seed\n", migration.Goose, 2, `no mark "Seed"`},
		{"a comment about goose", "-- +goose Up\n-- the +goose file\n", migration.Goose, 2,
			"knows no mark"},
		{"an open statement", "-- +goose Up\n-- +goose StatementBegin\nSELECT 1;\n",
			migration.Goose, 3, "StatementEnd"},
		{"an end alone", "-- +goose Up\n-- +goose StatementEnd\n", migration.Goose, 2,
			"to end here"},
		{"a beginning before Up", "-- +goose StatementBegin\n", migration.Goose, 1,
			"to begin here"},
		{"no semicolon", "-- +goose Up\n\nSELECT 1\n-- +goose Down\n", migration.Goose, 3,
			"does not end in a semicolon"},
		{"variables", "-- +goose Up\n-- +goose ENVSUB ON\nSELECT '$HOME';\n", migration.Goose, 3,
			"environment variables"},
		{"a long line", "-- +goose Up\n" + strings.Repeat("x", 4<<20) + "\n", migration.Goose, 2,
			"4194305 bytes"},
		{"no migrate:up", "SELECT 1;\n-- migrate:down\n", migration.Dbmate, 1, "migrate:up"},
		{"no migrate:down", "-- migrate:up\nSELECT 1;\n", migration.Dbmate, 3, "migrate:down"},
		{"down first", "-- migrate:down\n-- migrate:up\n", migration.Dbmate, 3, "migrate:down"},
		{"statements first", "--\nSELECT 1;\n-- migrate:up\n-- migrate:down\n", migration.Dbmate, 2,
			"no statement before"},
		{"two ups", "-- migrate:up\n-- migrate:down\n-- migrate:up\n-- migrate:down\n",
			migration.Dbmate, 3, "second migrate:up"},
		{"two downs", "-- migrate:up\n-- migrate:down\n-- migrate:down\n", migration.Dbmate, 3,
			"second migrate:down"},
		{"two statements", "SELECT 1;\n\nSELECT 2;", migration.Drizzle, 3,
			"would run the first one only"},
		{"no statement", "SELECT 1;\n--> statement-breakpoint\n-- nothing\n", migration.Drizzle, 2,
			"no statement"},
		{"a string that is cut", "SELECT\n'--> statement-breakpoint'", migration.Drizzle, 1,
			"string"},
		{"two transactions", "BEGIN TRANSACTION;\nCOMMIT;\nSELECT 'BEGIN TRANSACTION';",
			migration.D1, 3, "a second"},
		{"no semicolon", "SELECT 1;\nSELECT 2", migration.D1, 2, "adds a statement"},
		{"not UTF-8", "SELECT 'ü';\nSELECT '\xff';", migration.D1, 2, "not UTF-8"},
		{"not UTF-8", "SELECT '\xff';", migration.Prisma, 1, "not UTF-8"},
		{"not UTF-8", "SELECT '\xff';", migration.Drizzle, 1, "not UTF-8"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s, err := tt.format.Parse([]byte(tt.script))
			if err == nil {
				_, err = s.Queries()
			}
			at, ok := errors.AsType[*sqlite.ScriptError](err)
			if !ok || at.Line != tt.line || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v, want line %d, %q", err, tt.line, tt.want)
			}
		})
	}
}

func TestRun(t *testing.T) {
	tests := []struct {
		name, script string
		format       migration.Format
		err          string
		rows         int64 // The number of rows in t after the run.
	}{
		{"all", "INSERT INTO t VALUES(1),(2);", migration.GolangMigrate, "", 2},
		{"a failure undoes all", "INSERT INTO t VALUES(1);\n\nINSERT INTO t VALUES(1,2);",
			migration.GolangMigrate, "line 3: ", 0},
		{"a failure leaves a part", "INSERT INTO t VALUES(1);\nINSERT INTO t VALUES(1,2);",
			migration.Prisma, "line 2: ", 1},
		{"a transaction within one", "BEGIN;INSERT INTO t VALUES(1);COMMIT;", migration.D1,
			"within a transaction", 0},
		{"an open transaction", "BEGIN;INSERT INTO t VALUES(1);", migration.Prisma, "left open", 0},
		{"a line of a later query",
			"-- +goose Up\nINSERT INTO t VALUES(1);\nINSERT INTO\n nowhere VALUES(1);",
			migration.Goose, "line 3: ", 0},
		{"a reference that dangles", "PRAGMA defer_foreign_keys=ON;\nINSERT INTO u VALUES(7);",
			migration.D1, "commit: ", 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c := open(t, sqlite.Temporary)
			const tables = "PRAGMA foreign_keys=ON; CREATE TABLE t(x PRIMARY KEY); " +
				"CREATE TABLE u(x REFERENCES t)"
			if err := c.ExecScript(tables); err != nil {
				t.Fatal(err)
			}
			err := parse(t, tt.format, tt.script).Run(c)
			if got := fmt.Sprint(err); (err == nil) != (tt.err == "") ||
				tt.err != "" && !strings.Contains(got, tt.err) {
				t.Errorf("got %v, want %q", err, tt.err)
			}
			if rows, err := c.Int64("SELECT count(*) FROM t"); rows != tt.rows || err != nil ||
				c.InTransaction() {
				t.Errorf("have %d rows, error %v, in a transaction %v; want %d rows", rows, err,
					c.InTransaction(), tt.rows)
			}
		})
	}
}
