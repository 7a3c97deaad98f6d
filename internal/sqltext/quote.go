package sqltext

import (
	"bytes"
	"encoding/hex"
	"strconv"
	"strings"
)

// QuoteIdent returns name in double quotes.
func QuoteIdent(name string) string {
	return `"` + strings.ReplaceAll(name, `"`, `""`) + `"`
}

// QuoteIdents returns names in double quotes, with a comma between them.
func QuoteIdents(names []string) string {
	quoted := make([]string, len(names))
	for i, name := range names {
		quoted[i] = QuoteIdent(name)
	}
	return strings.Join(quoted, ", ")
}

// Equal returns the condition that every column equals a parameter: "a" = ? AND "b" = ?.
func Equal(columns []string) string {
	conditions := make([]string, len(columns))
	for i, column := range columns {
		conditions[i] = QuoteIdent(column) + " = ?"
	}
	return strings.Join(conditions, " AND ")
}

// Ident returns name as the sqlite3 shell prints it. A name is bare if it consists of letters,
// digits and underscores, does not start with a digit, and is not a keyword. Any other name is in
// double quotes.
func Ident(name string) string {
	if isPlain(name) && !keywords[strings.ToUpper(name)] {
		return name
	}
	return QuoteIdent(name)
}

func isPlain(name string) bool {
	for i := range len(name) {
		if c := name[i]; c >= 0x80 || c == '$' || !inWord[c] {
			return false
		}
	}
	return name != "" && !isDigit(name[0])
}

// AppendInt appends i in decimal. SQLite reads -9223372036854775808 as an integer, although
// 9223372036854775808 without the sign is a real.
func AppendInt(dst []byte, i int64) []byte {
	return strconv.AppendInt(dst, i, 10)
}

// AppendBlob appends b as x'00ff', in lower case.
func AppendBlob(dst, b []byte) []byte {
	dst = append(dst, "x'"...)
	dst = hex.AppendEncode(dst, b)
	return append(dst, '\'')
}

// AppendText appends text in single quotes, with its own quotes doubled, and every other byte as it
// is, including line ends. A NUL byte would end the SQL text, so text with a NUL becomes CAST(x'…'
// AS TEXT). [AppendPortableText] is for scripts that other tools read too.
func AppendText(dst, text []byte) []byte {
	if bytes.IndexByte(text, 0) >= 0 {
		return appendCast(dst, text)
	}
	return appendQuoted(dst, text)
}

func appendQuoted(dst, text []byte) []byte {
	dst = append(dst, '\'')
	for {
		i := bytes.IndexByte(text, '\'')
		if i < 0 {
			return append(append(dst, text...), '\'')
		}
		dst = append(append(dst, text[:i+1]...), '\'')
		text = text[i+1:]
	}
}

func appendCast(dst, text []byte) []byte {
	dst = append(dst, "CAST("...)
	dst = AppendBlob(dst, text)
	return append(dst, " AS TEXT)"...)
}
