package sqltext_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seedkit/seedkit/internal/sqltext"
)

func TestKind(t *testing.T) {
	type result struct{ Kind, Schema, Name string }
	for _, test := range []struct {
		sql  string
		want result
	}{
		{"", result{"nothing", "", ""}},
		{"INSERT INTO t VALUES(1);", result{"INSERT", "", "t"}},
		{`insert or ignore into main."T;""x" VALUES(1);`, result{"INSERT", "main", `T;"x`}},
		{"REPLACE INTO [a b] SELECT 1;", result{"INSERT", "", "a b"}},
		{"/**/UPDATE OR FAIL `t` SET a = 1;", result{"UPDATE", "", "t"}},
		{"DELETE FROM sqlite_sequence;", result{"DELETE", "", "sqlite_sequence"}},
		{"CREATE TABLE IF NOT EXISTS 't'(a);", result{"CREATE TABLE", "", "t"}},
		{"CREATE TEMP TABLE t(a);", result{"CREATE TABLE", "temp", "t"}},
		{"CREATE TABLE main.t AS SELECT 1;", result{"CREATE TABLE AS", "main", "t"}},
		{"CREATE VIRTUAL TABLE IF NOT EXISTS f USING fts5(a);",
			result{"CREATE VIRTUAL TABLE", "", "f"}},
		{"CREATE UNIQUE INDEX i ON t(a);", result{"CREATE INDEX", "", "i"}},
		{"CREATE TEMPORARY VIEW v AS SELECT 1;", result{"CREATE VIEW", "temp", "v"}},
		{"CREATE TRIGGER r DELETE ON t BEGIN SELECT 1; END;", result{"CREATE TRIGGER", "", "r"}},
		{"DROP TABLE IF EXISTS main.[t u];", result{"DROP TABLE", "main", "t u"}},
		{"drop table t", result{"DROP TABLE", "", "t"}},
		{"DROP INDEX IF EXISTS i;", result{"DROP", "", "i"}},
		{"DROP VIEW v;", result{"DROP", "", "v"}},
		{"DROP TRIGGER r;", result{"DROP", "", "r"}},
		{"DROP DATABASE d;", result{"another statement", "", ""}},
		{"SELECT 1 FROM t;", result{"no change", "", ""}},
		{"VALUES(1);", result{"no change", "", ""}},
		{"REINDEX t;", result{"no change", "", ""}},
		{"VACUUM;", result{"no change", "", ""}},
		{"VACUUM main;", result{"no change", "", ""}},
		{"VACUUM INTO 'x.db';", result{"another statement", "", ""}},
		{"VACUUM main INTO 'x.db';", result{"another statement", "", ""}},
		{"PRAGMA foreign_keys=OFF;", result{"PRAGMA", "", "foreign_keys"}},
		{"PRAGMA main.user_version(3);", result{"PRAGMA", "main", "user_version"}},
		{"BEGIN IMMEDIATE TRANSACTION;", result{"BEGIN", "", ""}},
		{"COMMIT;", result{"COMMIT", "", ""}},
		{"END TRANSACTION;", result{"COMMIT", "", ""}},
		{"ROLLBACK;", result{"ROLLBACK", "", ""}},
		{"ROLLBACK TRANSACTION TO SAVEPOINT s;", result{"ROLLBACK", "", "s"}},
		{"SAVEPOINT s;", result{"SAVEPOINT", "", "s"}},
		{"RELEASE SAVEPOINT s;", result{"RELEASE", "", "s"}},
		{"ANALYZE;", result{"ANALYZE", "", ""}},
		{"ANALYZE sqlite_schema;", result{"ANALYZE", "", "sqlite_schema"}},
		{"EXPLAIN INSERT INTO t VALUES(1);", result{"another statement", "", ""}},
		{"WITH c AS (SELECT 1) INSERT INTO t SELECT * FROM c;",
			result{"another statement", "", ""}},
		{"CREATE;", result{"another statement", "", ""}},
		{`"INSERT" INTO t;`, result{"another statement", "", ""}},
		{"\u212aOMMIT;", result{"another statement", "", ""}},
	} {
		statement := sqltext.Statement{Text: []byte(test.sql)}
		schema, name := statement.Name()
		got := result{statement.Kind().String(), schema, name}
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", test.sql, diff)
		}
	}
}

func TestModule(t *testing.T) {
	for sql, want := range map[string]string{
		"CREATE VIRTUAL TABLE IF NOT EXISTS main.f USING fts5(a, using x);": "fts5",
		`create virtual table "f g" using "vec0"`:                           "vec0",
		"CREATE VIRTUAL TABLE f":                                            "",
		"CREATE TABLE f(using a)":                                           "",
	} {
		if got := (sqltext.Statement{Text: []byte(sql)}).Module(); got != want {
			t.Errorf("%s: got %q, want %q", sql, got, want)
		}
	}
}
