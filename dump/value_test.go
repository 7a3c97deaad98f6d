package dump_test

import (
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/seedkit/seedkit/dump"
	"github.com/seedkit/seedkit/internal/authority"
	"github.com/seedkit/seedkit/internal/sqlite"
)

// values creates a database whose table v has the values, and returns its path.
func values(t testing.TB, values ...any) string {
	t.Helper()
	path := build(t, "CREATE TABLE v(x)")
	c, err := sqlite.Open(t.Context(), path, sqlite.ReadWrite)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if err := c.ExecScript("PRAGMA synchronous = OFF; BEGIN"); err != nil {
		t.Fatal(err)
	}
	insert, err := c.PrepareOne("INSERT INTO v VALUES(?)")
	if err != nil {
		t.Fatal(err)
	}
	defer insert.Close()
	for _, v := range values {
		if err := insert.Exec(v); err != nil {
			t.Fatal(err)
		}
	}
	if err := c.Exec("COMMIT"); err != nil {
		t.Fatal(err)
	}
	return path
}

// alphabet has the pieces of random text: everything that is special in SQL, in unistr() and in
// UTF-8.
var alphabet = func() []string {
	pieces := []string{
		"'", "\\", "a", " ", "--", "/*", ";", "é", "漢", "🎉", "\x7f", "\u0080", "\u009f", "\u2028",
		"\ufeff", "\xff", "\xc3", "\xed\xa0\x80",
	}
	for c := range 0x20 {
		pieces = append(pieces, string(rune(c+1)))
	}
	return pieces
}()

func randomText(r *rand.Rand) string {
	var text strings.Builder
	pieces := alphabet[:5+r.IntN(len(alphabet)-5)]
	for range r.IntN(20) {
		text.WriteString(pieces[r.IntN(len(pieces))])
	}
	return text.String()
}

func randomReal(r *rand.Rand) float64 {
	switch r.IntN(4) {
	case 0:
		return math.Trunc(r.NormFloat64()*1e6) / math.Pow10(r.IntN(6))
	case 1:
		return math.Ldexp(float64(r.IntN(1000)), r.IntN(200)-100)
	case 2:
		return float64(r.Int64N(1<<60)) * math.Pow10(r.IntN(40)-20)
	}
	for {
		if f := math.Float64frombits(r.Uint64()); !math.IsNaN(f) && !math.IsInf(f, 0) {
			return f
		}
	}
}

func randomValue(r *rand.Rand) any {
	switch r.IntN(5) {
	case 0:
		return int64(r.Uint64()) >> r.IntN(64)
	case 1:
		return randomReal(r)
	case 2:
		return []byte(randomText(r))
	case 3:
		return nil
	}
	return randomText(r)
}

func TestRandomValuesAreTheShells(t *testing.T) {
	shell := authority.SQLite3(t)
	r := rand.New(rand.NewPCG(1, 2))
	random := make([]any, 50_000)
	for i := range random {
		random[i] = randomValue(r)
	}
	path := values(t, random...)
	got := strings.SplitAfter(dumped(t, path, dump.Options{}), "\n")
	want := strings.SplitAfter(shellDumped(t, shell, path, ".dump"), "\n")
	for i := range min(len(got), len(want)) {
		if got[i] != want[i] {
			t.Fatalf("line %d is\n%swant\n%s", i+1, got[i], want[i])
		}
	}
	if len(got) != len(want) {
		t.Errorf("%d lines, want %d", len(got), len(want))
	}
}

// TestLongTextIsUnistrQuotes lets SQLite write the literal.
func TestLongTextIsUnistrQuotes(t *testing.T) {
	const long = 200_000
	tests := map[string]string{
		"plain":      strings.Repeat("a", long),
		"quotes":     strings.Repeat("'", long),
		"controls":   strings.Repeat("\n\\'", long),
		"at the end": strings.Repeat("a", long) + "\x1f",
	}
	for name, text := range tests {
		t.Run(name, func(t *testing.T) {
			c, err := sqlite.Open(t.Context(), sqlite.Memory, sqlite.ReadWrite)
			if err != nil {
				t.Fatal(err)
			}
			defer c.Close()
			literal, err := c.Value("SELECT unistr_quote(?)", text)
			if err != nil {
				t.Fatal(err)
			}
			got := dumped(t, values(t, text), dump.Options{DataOnly: true})
			if want := "INSERT INTO v VALUES(" + literal.Data() + ");\n"; got != want {
				t.Errorf("got %d bytes, want %d others", len(got), len(want))
			}
		})
	}
}

func FuzzValues(f *testing.F) {
	f.Add("it's", []byte{0, 1}, 0.1, int64(-1))
	f.Add("a\\\n\x00b", []byte(nil), math.Inf(-1), int64(math.MinInt64))
	f.Add("\xff\x1f", []byte("'"), 5e-324, int64(math.MaxInt64))
	f.Fuzz(func(t *testing.T, text string, blob []byte, real float64, integer int64) {
		want := []any{text, blob, real + 0, integer} // SQLite prints no negative zero
		path := values(t, want...)
		script := dumped(t, path, dump.Options{})
		reloaded := build(t, script)
		for i, v := range stored(t, reloaded) {
			if w, _ := sqlite.ValueOf(want[i]); v != w {
				t.Errorf("%s %q became %s %q", w.Kind(), w.AppendKey(nil), v.Kind(),
					v.AppendKey(nil))
			}
		}
		if again := dumped(t, reloaded, dump.Options{}); again != script {
			t.Errorf("dumped\n%s, then\n%s", script, again)
		}
	})
}

// stored returns the values of the table v.
func stored(t *testing.T, path string) []sqlite.Value {
	t.Helper()
	c, err := sqlite.OpenSnapshot(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	var all []sqlite.Value
	for row, err := range c.Query("SELECT x FROM v ORDER BY rowid") {
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, row.Value(0))
	}
	return all
}
