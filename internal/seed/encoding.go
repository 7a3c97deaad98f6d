package seed

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"unicode/utf8"

	"github.com/seedkit/seedkit/internal/sqltext"
)

// checkEncoding refuses a script that is not text. It returns a reader of the whole script, which
// can seek if r can.
func checkEncoding(r io.Reader, name string) (io.Reader, error) {
	first := make([]byte, sqltext.EncodingLen)
	n, err := io.ReadFull(r, first)
	first = first[:n]
	if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) && err != io.EOF {
		return nil, fmt.Errorf("read %s: %w", name, err)
	}
	if err := sqltext.CheckEncoding(first); err != nil {
		return nil, fmt.Errorf("%s %w", name, err)
	}
	if seeker, ok := r.(io.Seeker); ok {
		if _, err := seeker.Seek(int64(-n), io.SeekCurrent); err == nil {
			return r, nil
		}
	}
	return io.MultiReader(bytes.NewReader(first), r), nil
}

// utf8Reader reads a script, and tells once of the first line that is not UTF-8. The text is
// checked when it is read for the first time, because a reading of its own would take as long as
// a copy of the script.
type utf8Reader struct {
	r       io.Reader
	tell    func(line int)
	at      int64  // where the next read begins
	checked int64  // where the checked text ends
	lines   int    // line ends in the checked text
	rest    []byte // the beginning of a character, at the end of the checked text
}

// checkUTF8 returns a reader of r, which can seek if r can. Tell gets the number of the first line
// that is not UTF-8. A nil tell returns r.
func checkUTF8(r io.Reader, tell func(line int)) io.Reader {
	if tell == nil {
		return r
	}
	u := &utf8Reader{r: r, tell: tell}
	if seeker, ok := r.(io.Seeker); ok {
		if at, err := seeker.Seek(0, io.SeekCurrent); err == nil {
			u.at, u.checked = at, at
		}
	}
	return u
}

func (u *utf8Reader) Read(p []byte) (int, error) {
	n, err := u.r.Read(p)
	if u.tell != nil {
		known := max(0, min(int64(n), u.checked-u.at))
		u.check(p[known:n], err == io.EOF)
		u.checked += int64(n) - known
	}
	u.at += int64(n)
	return n, err
}

// Seek fails if the script cannot seek.
func (u *utf8Reader) Seek(offset int64, whence int) (int64, error) {
	seeker, ok := u.r.(io.Seeker)
	if !ok {
		return 0, errors.ErrUnsupported
	}
	at, err := seeker.Seek(offset, whence)
	if err == nil {
		u.at = at
	}
	return at, err
}

// check checks text that comes after the checked text. Unless text is the last, a character may end
// after it.
func (u *utf8Reader) check(text []byte, last bool) {
	if len(u.rest) > 0 {
		text = append(u.rest, text...)
		u.rest = nil
	}
	if !utf8.Valid(text) {
		valid := validLen(text)
		wrong := text[valid:]
		if utf8.FullRune(wrong) || last {
			u.tell(u.lines + bytes.Count(text[:valid], []byte("\n")) + 1)
			u.tell = nil
			return
		}
		u.rest, text = bytes.Clone(wrong), text[:valid]
	}
	u.lines += bytes.Count(text, []byte("\n"))
}

// validLen returns how many of the first bytes of text are UTF-8.
func validLen(text []byte) int {
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRune(text[i:])
		if r == utf8.RuneError && size <= 1 {
			return i
		}
		i += size
	}
	return len(text)
}
