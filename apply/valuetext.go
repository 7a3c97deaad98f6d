package apply

import (
	"fmt"
	"strconv"
	"unicode/utf8"

	"github.com/seedkit/seedkit/internal/sqlite"
	"github.com/seedkit/seedkit/internal/sqltext"
)

// longestText is how many bytes of a text or blob are shown at most.
const longestText = 30

// valueText formats a value for people: on one line and not too long.
func valueText(v sqlite.Value) string { return valueTextFrom(v, 0) }

// pairText formats two values. It shows long texts from shortly before the first difference.
func pairText(a, b sqlite.Value) (string, string) {
	const before = 8
	from := 0
	if a.Kind() == sqlite.Text && b.Kind() == sqlite.Text &&
		max(len(a.Data()), len(b.Data())) > longestText {
		from = max(0, commonPrefix(a.Data(), b.Data())-before)
	}
	return valueTextFrom(a, from), valueTextFrom(b, from)
}

// valueTextFrom formats a value, and leaves out the bytes of a text before from.
func valueTextFrom(v sqlite.Value, from int) string {
	switch v.Kind() {
	case sqlite.Integer:
		return fmt.Sprint(v.Int64())
	case sqlite.Real:
		return string(sqltext.AppendReal(nil, v.Float64()))
	case sqlite.Text:
		return quoteText(v.Data(), from)
	case sqlite.Blob:
		return blobText(v.Data())
	}
	return "NULL"
}

func quoteText(text string, from int) string {
	from = runeStart(text, min(from, len(text)))
	end := len(text)
	if end-from > longestText {
		end = runeStart(text, from+longestText)
	}
	shown := strconv.Quote(text[from:end])
	if from > 0 {
		shown = "…" + shown
	}
	if end < len(text) {
		shown += "…"
	}
	return shown
}

// runeStart returns the last position at or before i at which a character begins.
func runeStart(text string, i int) int {
	for i > 0 && i < len(text) && !utf8.RuneStart(text[i]) {
		i--
	}
	return i
}

func blobText(blob string) string {
	if len(blob) <= longestText/2 {
		return string(sqltext.AppendBlob(nil, []byte(blob)))
	}
	return string(sqltext.AppendBlob(nil, []byte(blob[:longestText/2]))) + "…"
}

func commonPrefix(a, b string) int {
	n := 0
	for n < min(len(a), len(b)) && a[n] == b[n] {
		n++
	}
	return n
}
