package sqltext

import "bytes"

// lineFeed is a line feed in the argument of unistr().
const lineFeed = `\u000a`

// AppendPortableLines appends the literal that [AppendPortableText] writes for the value of the
// unistr() at the start of sql, and returns the length of the unistr() in sql. The sqlite3 shell
// dumps a text of several lines as such a call. If the text has escapes other than line feeds, or
// is not portable without them, AppendPortableLines appends nothing and returns 0.
func AppendPortableLines(dst, sql []byte) ([]byte, int) {
	const call = "unistr("
	if len(sql) < len(call) || string(sql[:len(call)]) != call {
		return dst, 0
	}
	n := PortableStringLen(sql[len(call):])
	end := len(call) + n
	if n == 0 || sql[end] != ')' {
		return dst, 0
	}
	before, feeds := len(dst), 0
	dst = append(dst, "replace("...)
	for rest := sql[len(call):end]; ; feeds++ {
		i := bytes.IndexByte(rest, '\\')
		if i < 0 {
			dst = append(append(dst, rest...), `,'\n',char(10))`...)
			break
		}
		if len(rest)-i < len(lineFeed) || string(rest[i:i+len(lineFeed)]) != lineFeed {
			return dst[:before], 0
		}
		dst = append(append(dst, rest[:i]...), `\n`...)
		rest = rest[i+len(lineFeed):]
	}
	if feeds == 0 {
		return dst[:before], 0
	}
	return dst, end + 1
}
