package extract_test

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/seedkit/seedkit/extract"
	"github.com/seedkit/seedkit/internal/sqlite"
)

// FuzzTranscribe checks that the transcription of a script gives the same result as a replay. The
// seed decides the tables and rows of the script. Some of the values are the literal.
func FuzzTranscribe(f *testing.F) {
	for seed, literal := range []string{
		"1", "'a'", "'1'", "x'00'", "X'Ab'", "-0.0", "1e3", "unistr('\\0041')",
		"replace('a\\nb','\\n',char(10))", "CAST(x'ff' AS TEXT)", "' 12 '",
		"9223372036854775808", "TRUE",
		"/*;*/ 1 --)\n", "'\n'", "'\xff'", "1.50", "'1e5'", "0x7fffffffffffffff", "+1", "1)", "1,2",
		"NULL", "'it''s'", "\"t0\"", "1_0", "'9007199254740993'", "9007199254740993",
		"123456789012345680.0", "1e999", "'Infinity'", "'+ 5'", "'1_000'", "'0x1F'", "'.'",
		"'-.5e+3 '", "'1e400'", "5e-324", "0.1", "100.0", "''", "char(49,50)",
		"'9223372036854775807'",
		"'1\t'", "'\x0b1'", "007", "- 5", "'1e'", "68.95", "90144030020.2007", "-0.5",
		"x'0123456789abcdef'", "CAST(x'3100' AS TEXT)", "CAST(x'00' AS TEXT)",
	} {
		f.Add(uint64(seed), literal)
	}
	f.Fuzz(func(t *testing.T, seed uint64, literal string) {
		script := scriptOf(rand.New(rand.NewPCG(seed, 0)), literal)
		got, _, taken := transcribed(t, script)
		want, _, err := replayed(t, script)
		if result, proven := proven(t, script); proven && (err != nil || result != want) {
			t.Errorf("%s\nproven:\n%s\nreplayed:\n%s%v", script, result, want, err)
		}
		if !taken {
			return
		}
		const check = "CHECK constraint failed"
		if sqlite.IsUnique(err) || err != nil && strings.Contains(err.Error(), check) {
			return // The transcription does not check keys and CHECKs.
		}
		if err != nil || got != want {
			t.Errorf("%s\ntranscribed:\n%s\nreplayed:\n%s%v", script, got, want, err)
		}
	})
}

// proven returns the result of a transcription with a proof. It reports whether the proof
// succeeded.
func proven(t *testing.T, script string) (string, bool) {
	t.Helper()
	var out bytes.Buffer
	_, taken, err := extract.Transcribe(t.Context(), &out, strings.NewReader(script),
		extract.Options{})
	if err != nil {
		t.Fatalf("%q: %v", script, err)
	}
	return out.String(), taken
}

func scriptOf(r *rand.Rand, literal string) string {
	var b strings.Builder
	tables := 1 + r.IntN(3)
	columns := make([]int, tables)
	for i := range columns {
		columns[i] = 1 + r.IntN(4)
		b.WriteString(tableOf(r, i, columns[i], tables))
	}
	id := 0
	for range r.IntN(12) {
		i := r.IntN(tables)
		id += 1 + r.IntN(3)
		fmt.Fprintf(&b, "INSERT INTO t%d%s VALUES%s;%s", i, pick(r, "", "", " "),
			rowsFor(r, columns[i], &id, literal), pick(r, "\n", "\n", " ", "", "\r\n", "-- x\n"))
	}
	b.WriteString(pick(r, "", "", "", "", "DELETE FROM sqlite_sequence;\n"))
	for i := range tables {
		table, counter := fmt.Sprintf("t%d", i), int64(id+r.IntN(9)-4)
		b.WriteString(pick(r, "", "", "", "", raised(table, counter),
			fmt.Sprintf("INSERT INTO sqlite_sequence VALUES('%s',%d);\n", table, counter)))
	}
	return b.String()
}

// tableOf returns a table with some columns to insert into and some generated columns.
func tableOf(r *rand.Rand, name, n, tables int) string {
	option := pick(r, "", "", "", " STRICT", " WITHOUT ROWID", " STRICT, WITHOUT ROWID")
	types := []string{"TEXT", "INTEGER", "REAL", "BLOB", "", "DATETIME", "DECIMAL(10,5)",
		"VARCHAR(9)", "BOOLEAN", "FLOATING POINT", "DOUBLE"}
	if strings.Contains(option, "STRICT") {
		types = []string{"TEXT", "INTEGER", "INT", "REAL", "BLOB", "ANY"}
	}
	var defs []string
	for i := range n {
		defs = append(defs, fmt.Sprintf("c%d %s%s%s", i, pick(r, types...),
			pick(r, "", "", "", " NOT NULL", " DEFAULT 7", " UNIQUE",
				fmt.Sprintf(" CHECK (c%d <> 1)", i)),
			pick(r, "", "", "", "", fmt.Sprintf(" REFERENCES t%d", r.IntN(tables)))))
		if r.IntN(8) == 0 {
			defs = append(defs, fmt.Sprintf("g%d ANY AS (c%d)%s", i, i, pick(r, "", " STORED")))
		}
	}
	if strings.Contains(option, "ROWID") {
		defs = append(defs, fmt.Sprintf("PRIMARY KEY (%s)",
			pick(r, "c0", "c0", fmt.Sprintf("c%d, c0", n-1), "c0 COLLATE NOCASE", "c0 DESC")))
	} else {
		defs[0] = pick(r, defs[0], "c0 INTEGER PRIMARY KEY", "c0 INTEGER PRIMARY KEY AUTOINCREMENT",
			"c0 TEXT PRIMARY KEY")
	}
	return fmt.Sprintf("CREATE TABLE t%d(%s)%s;\n", name, strings.Join(defs, ", "), option)
}

func rowsFor(r *rand.Rand, columns int, id *int, literal string) string {
	rows := make([]string, 1+r.IntN(5)/4)
	for i := range rows {
		values := make([]string, columns)
		for k := range values {
			values[k] = pick(r, literal, "NULL", "1", "'a'", "'b''c'", "0.5", "x'ab'",
				"'2025-01-01'", "-12", "'caf\u00e9'", "'5'")
		}
		*id++
		values[0] = pick(r, fmt.Sprint(*id), fmt.Sprint(*id), fmt.Sprint(*id),
			fmt.Sprint(*id), literal)
		rows[i] = "(" + strings.Join(values, pick(r, ",", ",", ", ", " ,\n")) + ")"
	}
	return strings.Join(rows, pick(r, ",", ",\n  "))
}

func pick(r *rand.Rand, from ...string) string { return from[r.IntN(len(from))] }
