package extract_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/seedkit/seedkit/extract"
)

const insertLine = "INSERT INTO t VALUES"

// manyRows returns two megabytes of INSERTs into table t. The function row makes each.
func manyRows(row func(b *strings.Builder, id int)) string {
	var b strings.Builder
	for id := 1; b.Len() < 2<<20; id++ {
		b.WriteString(insertLine)
		row(&b, id)
	}
	return b.String()
}

func plainRow(b *strings.Builder, id int) {
	fmt.Fprintf(b, "(%d,'%s',%d.5);\n", id, strings.Repeat("x", id%200), id)
}

// TestManyRows extracts scripts that are longer than the buffers that read them.
func TestManyRows(t *testing.T) {
	const (
		table = "CREATE TABLE t(id INTEGER PRIMARY KEY, a TEXT, b);\n"
		other = "CREATE TABLE u(id INTEGER PRIMARY KEY, a TEXT, b);\n"
	)
	plain := manyRows(plainRow)
	third := strings.Index(plain[len(plain)/3:], insertLine) + len(plain)/3
	between := func(text string) string { return table + plain[:third] + text + plain[third:] }
	oneRow, _, _ := strings.Cut(plain[third:], "\n")
	rows := strings.TrimSuffix(strings.TrimPrefix(plain, insertLine), ";\n")
	rows = strings.ReplaceAll(rows, ";\n"+insertLine, ",\n")
	long := strings.Repeat("long", 20_000)
	for _, test := range []struct {
		name, script string
		taken        bool
	}{
		{"plain", table + plain, true},
		{"no end of the last line", table + strings.TrimSuffix(plain, ";\n"), true},
		{"line ends of Windows", strings.ReplaceAll(table+plain, "\n", "\r\n"), true},
		{"one line", table + strings.ReplaceAll(plain, "\n", " "), true},
		{"keys of text", "CREATE TABLE t(id TEXT PRIMARY KEY, a, b) WITHOUT ROWID;\n" +
			manyRows(func(b *strings.Builder, id int) {
				fmt.Fprintf(b, "('%08d','a',NULL);\n", id)
			}), true},
		{"no keys", "CREATE TABLE t(id, a, b);\n" + plain, true},
		{"many rows in one", table + manyRows(func(b *strings.Builder, id int) {
			fmt.Fprintf(b, "(%d,'a',0),\n(%d,'b',0);\n", 2*id, 2*id+1)
		}), true},
		{"lines of strings that look like INSERTs",
			table + manyRows(func(b *strings.Builder, id int) {
				fmt.Fprintf(b, "(%d,'\n%s(%d,''a'',0);\n%s(%d,',1);\n",
					id, insertLine, id, insertLine, id)
			}), true},
		{"long strings of such lines", table + manyRows(func(b *strings.Builder, id int) {
			fmt.Fprintf(b, "(%d,'%s',1);\n", id,
				strings.Repeat("\n"+insertLine+"(7,''a'',0);", 9000))
		}), true},
		{"long rows", table + manyRows(func(b *strings.Builder, id int) {
			fmt.Fprintf(b, "(%d,'%s',x'%s');\n",
				id, strings.Repeat("y", id*70_000), strings.Repeat("ab", id*10_000))
		}), true},
		{"one long statement",
			table + insertLine + rows + ";\n" + insertLine + "(9000000,'a',0);\n", true},
		{"a row for SQLite in a long statement",
			table + insertLine + rows + ",\n(9000000,1.5,0);\n", false},
		{"a key that comes twice in a long statement",
			table + insertLine + rows + ",\n(1,'a',0);\n", false},
		{"a long statement after a row with its key",
			table + insertLine + "(5,'a',0);\n" + insertLine + rows + ";\n", false},
		{"long texts of many lines", table + manyRows(func(b *strings.Builder, id int) {
			fmt.Fprintf(b, "(%d,'%s',unistr('%s'));\n",
				id, strings.Repeat("it''s\r\n", id*3000), strings.Repeat(`it''s\u000a`, id*2000))
		}), true},
		{"rows that are decoded", table + manyRows(func(b *strings.Builder, id int) {
			fmt.Fprintf(b, "( %d , char(97), +1);\n", id)
		}), true},
		{"a row for SQLite after a long one", table + insertLine +
			"(1,'" + long + "',0),(2,1.5,0);\n" + insertLine + "(3,'a',0);\n", true},
		{"an expression among the rows",
			between(strings.Replace(oneRow, ",'", ", 'a' || '", 1) + "\n"), false},
		{"a key that comes twice", between(insertLine + "(1,'again',0);\n"), false},
		{"a key in another order", between(insertLine + "(90000000,'last',0);\n"), false},
		{"another table", between(other + "INSERT INTO u VALUES(1,'a',2);\n"), false},
		{"a table after the rows", table + plain + other +
			strings.ReplaceAll(plain, "INTO t", "INTO u") + "CREATE INDEX i ON u(a);\n", true},
		{"a comment", between("-- a comment with ' in it\n"), true},
		{"a statement", between("CREATE VIEW v AS SELECT 1;\n"), true},
	} {
		t.Run(test.name, func(t *testing.T) {
			got, _, taken := transcribed(t, test.script)
			want, _, err := replayed(t, test.script)
			if taken != test.taken || taken && (err != nil || got != want) {
				t.Errorf("taken: %v, want %v; same text: %v; the replay: %v",
					taken, test.taken, got == want, err)
			}
		})
	}
}

// TestManyRowsWithoutAnEnd has text with an error far after its beginning. The message of the error
// must not depend on the way in which extract reads the text.
func TestManyRowsWithoutAnEnd(t *testing.T) {
	script := "CREATE TABLE t(id INTEGER PRIMARY KEY, a TEXT, b);\n" + manyRows(plainRow)
	lines := strings.Count(script, "\n")
	for _, test := range []struct{ name, after, want string }{
		{"a NUL", "\x00", fmt.Sprintf("test.sql:%d:1: NUL byte", lines+1)},
		{"an open string", insertLine + "(7000000,'a",
			fmt.Sprintf("test.sql:%d:30: string without its closing quote", lines+1)},
		{"nothing after the head", insertLine, fmt.Sprintf(
			"test.sql:%d:1: the script is not whole: it ends inside this statement", lines+1)},
		{"a missing value", insertLine + "(7000000,'a');\n", fmt.Sprintf(
			"test.sql:%d:1: table t has 3 columns but 2 values were supplied", lines+1)},
	} {
		t.Run(test.name, func(t *testing.T) {
			var out bytes.Buffer
			_, err := extract.Write(t.Context(), &out, "test.sql",
				extract.Options{Script: strings.NewReader(script + test.after), NoProof: true})
			if err == nil || !strings.Contains(err.Error(), test.want) || out.Len() > 0 {
				t.Errorf("got %v, and %d bytes, want %s", err, out.Len(), test.want)
			}
		})
	}
	t.Run("a reader that breaks", func(t *testing.T) {
		broken := errors.New("broken")
		r := io.MultiReader(strings.NewReader(script), iotest.ErrReader(broken))
		opts := extract.Options{Script: r, NoProof: true}
		_, err := extract.Write(t.Context(), io.Discard, "test.sql", opts)
		if !errors.Is(err, broken) {
			t.Errorf("got %v", err)
		}
	})
	t.Run("a writer that breaks", func(t *testing.T) {
		w := &fullDisk{left: 1 << 20}
		_, err := extract.Write(t.Context(), w, "test.sql",
			extract.Options{Script: strings.NewReader(script), NoProof: true})
		if !errors.Is(err, errFull) {
			t.Errorf("got %v", err)
		}
	})
	t.Run("a canceled context", func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		ends := &endingReader{Reader: strings.NewReader(script), left: 1 << 20, end: cancel}
		var out bytes.Buffer
		_, err := extract.Write(ctx, &out, "test.sql", extract.Options{Script: ends, NoProof: true})
		if !errors.Is(err, context.Canceled) || out.Len() > 0 {
			t.Errorf("got %v, and %d bytes", err, out.Len())
		}
	})
}

var errFull = errors.New("the disk is full")

// fullDisk is a writer that takes only some bytes.
type fullDisk struct{ left int }

func (d *fullDisk) Write(p []byte) (int, error) {
	if d.left -= len(p); d.left < 0 {
		return 0, errFull
	}
	return len(p), nil
}

// endingReader calls end after some bytes.
type endingReader struct {
	io.Reader
	left int
	end  func()
}

func (r *endingReader) Read(p []byte) (int, error) {
	if r.left -= len(p); r.left < 0 {
		r.end()
	}
	return r.Reader.Read(p)
}
