package main

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
)

// wideTables are the Epic Stack's two largest tables, with keys and times in Prisma's form.
var wideTables = []table{
	{
		sql: `CREATE TABLE "User" ("id" TEXT NOT NULL PRIMARY KEY, "email" TEXT NOT NULL,
			"username" TEXT NOT NULL, "name" TEXT,
			"createdAt" DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP,
			"updatedAt" DATETIME NOT NULL)`,
		into: "User", rows: 200_000,
		row: func(r *values, i int) []any {
			return []any{
				r.cuid(i), fmt.Sprintf("user%d@example.com", i), fmt.Sprintf("user%d", i),
				r.title(2), r.time(), r.time(),
			}
		},
	},
	{
		sql: `CREATE TABLE "Note" ("id" TEXT NOT NULL PRIMARY KEY, "title" TEXT NOT NULL,
			"content" TEXT NOT NULL,
			"createdAt" DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP,
			"updatedAt" DATETIME NOT NULL, "ownerId" TEXT NOT NULL)`,
		into: "Note", rows: 1_000_000,
		row: func(r *values, i int) []any {
			return []any{
				r.cuid(i), r.title(4), r.text(10+r.IntN(45), 10), r.time(), r.time(),
				r.cuid(1 + i/5),
			}
		},
	},
}

var variedTables = []table{
	{sql: "CREATE TABLE counters(id INTEGER PRIMARY KEY, a INT, b INT, c INT)", into: "counters",
		rows: 400_000,
		row: func(r *values, i int) []any {
			return []any{nil, r.IntN(100), r.Int64() >> r.IntN(64), -i}
		}},
	{sql: "CREATE TABLE measurements(at INTEGER, x REAL, y REAL, z REAL)", into: "measurements",
		rows: 150_000,
		row: func(r *values, i int) []any {
			return []any{
				i, r.NormFloat64(), math.Round(r.Float64()*1e4) / 100, float64(r.IntN(1000)),
			}
		}},
	{sql: "CREATE TABLE sparse(a, b, c, d, e, f, g, h, i, j)", into: "sparse", rows: 200_000,
		row: func(r *values, i int) []any {
			row := make([]any, 10)
			row[i%10] = r.IntN(1000)
			return row
		}},
	{sql: "CREATE TABLE lines(id INTEGER PRIMARY KEY, body TEXT)", into: "lines", rows: 60_000,
		row: func(r *values, _ int) []any { return []any{nil, r.text(40, 1)} }},
	{sql: "CREATE TABLE thumbnails(name TEXT, image BLOB)", into: "thumbnails", rows: 15_000,
		row: func(r *values, i int) []any {
			return []any{fmt.Sprintf("%d.png", i), r.blob(200 + r.IntN(800))}
		}},
	{sql: "CREATE TABLE files(id INTEGER PRIMARY KEY, content BLOB)", into: "files", rows: 300,
		row: func(r *values, _ int) []any { return []any{nil, r.blob(20_000 + r.IntN(100_000))} }},
	{sql: "CREATE TABLE articles(id INTEGER PRIMARY KEY, body TEXT)", into: "articles", rows: 2_000,
		row: func(r *values, _ int) []any { return []any{nil, r.text(500+r.IntN(2000), 3)} }},
	{sql: "CREATE TABLE settings(name TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID",
		into: "settings", rows: 80_000,
		row: func(r *values, i int) []any {
			return []any{fmt.Sprintf("setting/%06d", i), r.title(6)}
		}},
	{sql: "CREATE TABLE links(a TEXT, b TEXT); CREATE INDEX links_b ON links(b)", into: "links",
		rows: 150_000,
		row:  func(r *values, i int) []any { return []any{r.cuid(i), r.cuid(1 + r.IntN(1000))} }},
	{sql: "CREATE TABLE typed(id INTEGER PRIMARY KEY, n INT, x REAL, s TEXT, b BLOB) STRICT",
		into: "typed", rows: 100_000,
		row: func(r *values, i int) []any {
			return []any{nil, i, float64(i) / 8, r.title(3), r.blob(8)}
		}},
	{sql: "CREATE TABLE computed(a INT, b INT, c AS (a + b), d AS (a * b) STORED)",
		into: "computed(a, b)", rows: 100_000,
		row: func(r *values, i int) []any { return []any{i, r.IntN(1 << 20)} }},
	{sql: "CREATE TABLE events(id INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT, payload TEXT)",
		into: "events", rows: 100_000,
		row: func(r *values, i int) []any {
			return []any{
				nil, words[i%len(words)],
				fmt.Sprintf(`{"user":%d,"note":"it's %s"}`, i, r.title(5)),
			}
		}},
}

// values generates random values, the same on every machine.
type values struct{ *rand.Rand }

var words = strings.Fields(
	"koala river mountain it's quiet seven lantern écoute garden window paper \\n thunder 漢字 " +
		"slowly bright market harvest copper",
)

// text returns count words. After every twelfth word the line ends with a probability of 1/newline,
// or never if newline is 0.
func (r *values) text(count, newline int) string {
	var b strings.Builder
	for i := range count {
		if i > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(words[2*r.IntN(len(words)/2)])
		if newline > 0 && i > 0 && i%12 == 0 && r.IntN(newline) == 0 {
			b.WriteByte('\n')
		}
	}
	return b.String()
}

func (r *values) title(count int) string { return r.text(count, 0) }

// cuid has the form of Prisma's ids, in the order of i.
func (r *values) cuid(i int) string {
	return fmt.Sprintf("clx%08d%014x", i, uint64(i)*0x9e3779b97f4a7c15>>8)
}

// time returns Unix milliseconds.
func (r *values) time() int64 { return 1_700_000_000_000 + r.Int64N(1<<34) }

func (r *values) blob(n int) []byte {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(r.Uint32())
	}
	return b
}
