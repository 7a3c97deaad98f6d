package sqltext_test

import (
	"bytes"
	"fmt"
	"io"
	"testing"

	"github.com/seedkit/seedkit/internal/sqltext"
)

// dumpLike is a script of about a megabyte in the form of sqlite3 .dump, with rows like those of a
// small web application.
func dumpLike() []byte {
	const users = 2500
	var b bytes.Buffer
	for i := range users {
		fmt.Fprintf(&b,
			"INSERT INTO User VALUES('cm%022d','user%d@example.com','user_%d','It''s user number "+
				"%d',%d,%d);\n", i*7919, i, i, i, 1735689600000+int64(i), 1735689600000+2*int64(i))
	}
	for i := range users {
		fmt.Fprintf(&b,
			"INSERT INTO Note VALUES('cn%022d','A note; "+
				"the %dth','Koalas are great -- they sleep a lot, they eat leaves, "+
				"and nobody has ever seen one hurry anywhere at all','cm%022d',%d.5);\n", i*104729,
			i, i*7919, i)
	}
	for i := range users {
		fmt.Fprintf(&b, "INSERT INTO _RoleToUser VALUES('cr%022d','cm%022d');\n", i%3, i*7919)
	}
	return b.Bytes()
}

// repeated reads text several times.
func repeated(text []byte, times int) io.Reader {
	readers := make([]io.Reader, times)
	for i := range readers {
		readers[i] = bytes.NewReader(text)
	}
	return io.MultiReader(readers...)
}

func BenchmarkStatements(b *testing.B) {
	const times = 400
	block := dumpLike()
	b.SetBytes(int64(times * len(block)))
	for b.Loop() {
		for _, err := range sqltext.Statements(repeated(block, times), "bench.sql") {
			if err != nil {
				b.Fatal(err)
			}
		}
	}
}

func BenchmarkInsertRows(b *testing.B) {
	block := dumpLike()
	b.SetBytes(int64(len(block)))
	b.ReportAllocs()
	var insert sqltext.Insert
	for b.Loop() {
		for statement, err := range sqltext.Statements(bytes.NewReader(block), "bench.sql") {
			if err != nil {
				b.Fatal(err)
			}
			if statement.Kind() != sqltext.KindInsert {
				continue
			}
			if err := insert.Parse(statement); err != nil {
				b.Fatal(err)
			}
			for _, err := range insert.Rows() {
				if err != nil {
					b.Fatal(err)
				}
			}
		}
	}
}

// BenchmarkReadAhead reads the same script as BenchmarkInsertRows.
func BenchmarkReadAhead(b *testing.B) {
	block := dumpLike()
	b.SetBytes(int64(len(block)))
	b.ReportAllocs()
	var insert sqltext.Insert
	ignore := func(int, []sqltext.Value) error { return nil }
	for b.Loop() {
		for s := sqltext.NewSplitter(bytes.NewReader(block), "bench.sql"); ; {
			n, err := insert.ReadAhead(s.Ahead(), ignore)
			if err != nil {
				b.Fatal(err)
			}
			s.Skip(n)
			statement, err := s.Next()
			if err == io.EOF {
				break
			}
			if err != nil {
				b.Fatal(err)
			}
			if err := insert.Parse(statement); statement.Kind() == sqltext.KindInsert &&
				err != nil {
				b.Fatal(err)
			}
		}
	}
}

func BenchmarkAppend(b *testing.B) {
	text := []byte(
		"Koalas are great -- they sleep a lot, it's a fact, and nobody has ever seen one hurry",
	)
	lines := bytes.ReplaceAll(text, []byte(","), []byte("\n"))
	for _, bench := range []struct {
		name   string
		append func(dst []byte) []byte
	}{
		{"Text", func(dst []byte) []byte { return sqltext.AppendText(dst, text) }},
		{"PortableText", func(dst []byte) []byte { return sqltext.AppendPortableText(dst, text) }},
		{"PortableText/lines", func(dst []byte) []byte {
			return sqltext.AppendPortableText(dst, lines)
		}},
		{"Real/short", func(dst []byte) []byte { return sqltext.AppendReal(dst, 49.47) }},
		{"Real/long", func(dst []byte) []byte { return sqltext.AppendReal(dst, 1.0/3) }},
	} {
		b.Run(bench.name, func(b *testing.B) {
			dst := make([]byte, 0, 1<<10)
			b.ReportAllocs()
			for b.Loop() {
				dst = bench.append(dst[:0])
			}
			b.SetBytes(int64(len(dst)))
		})
	}
}
