package sqltext

import (
	"bytes"
	"io"
)

// LongText is a string, or the unistr() of one, as [AppendPortableText] would
// write its value, which is written piece by piece: neither the value nor what
// is written is ever in memory.
type LongText struct {
	raw     []byte // what is between the quotes of the literal, and doubled in it
	form    PortableForm
	escaped bool // line feeds are \u000a in raw, and nothing else is escaped
}

// LongTextOf returns the text whose literal sql starts with, and the length of
// that. It is 0 where the literal has no more bytes than least; where nothing
// follows it, so that it might go on; where it has other escapes than line
// feeds; and where it can only be written as a CAST.
func LongTextOf(sql []byte, least int) (t LongText, n int) {
	const call = "unistr("
	t.escaped = bytes.HasPrefix(sql, []byte(call))
	if t.escaped {
		sql = sql[len(call):]
	}
	end := stringLen(sql)
	switch {
	case end <= least || end == len(sql):
		return t, 0
	case !t.escaped:
		t.raw, t.form = sql[1:end-1], PortableFormOf(sql[1:end-1])
		n = end
	case sql[end] == ')' && PortableStringLen(sql) == end && hasOnlyLineFeeds(sql[1:end-1]):
		t.raw, t.form = sql[1:end-1], lineFeedForm
		n = len(call) + end + 1
	}
	if t.form.cast {
		n = 0
	}
	return t, n
}

// lineFeedForm is the form of text without other control characters, and
// without backslashes.
var lineFeedForm = PortableFormOf([]byte{'\n'})

// stringLen is the length of the string that sql starts with; 0 if it has no
// end there, or sql starts with something else.
func stringLen(sql []byte) int {
	if at(sql, 0) != '\'' {
		return 0
	}
	for i := 0; at(sql, i) == '\''; {
		n := quotedLen(sql[i:])
		if n < 0 {
			return 0
		}
		if i += n; at(sql, i) != '\'' {
			return i
		}
	}
	return 0
}

// hasOnlyLineFeeds reports whether what is escaped in the string of a unistr()
// are line feeds, and something is.
func hasOnlyLineFeeds(raw []byte) bool {
	n := bytes.Count(raw, []byte(lineFeed))
	return n > 0 && n == bytes.Count(raw, []byte{'\\'})
}

// WriteTo writes the text.
func (t LongText) WriteTo(w io.Writer) (written int64, err error) {
	const most = 64 << 10
	buf := t.form.AppendBegin(make([]byte, 0, most+most/4))
	for raw := t.raw; ; {
		piece := t.piece(raw, most)
		buf = t.appendPiece(buf, piece)
		if raw = raw[len(piece):]; len(raw) == 0 {
			buf = t.form.AppendEnd(buf)
		}
		n, err := w.Write(buf)
		written += int64(n)
		if err != nil || len(raw) == 0 {
			return written, err
		}
		buf = buf[:0]
	}
}

// piece is what raw starts with, so many bytes at most, and no part of an
// escape.
func (t LongText) piece(raw []byte, most int) []byte {
	if len(raw) <= most {
		return raw
	}
	if i := bytes.LastIndexByte(raw[most-len(lineFeed):most], '\\'); t.escaped && i >= 0 {
		most += i - len(lineFeed)
	}
	return raw[:most]
}

func (t LongText) appendPiece(dst, piece []byte) []byte {
	if !t.escaped {
		return t.form.appendRaw(dst, piece)
	}
	for {
		i := bytes.Index(piece, []byte(lineFeed))
		if i < 0 {
			return append(dst, piece...)
		}
		dst = append(append(dst, piece[:i]...), `\n`...)
		piece = piece[i+len(lineFeed):]
	}
}
