package sqltext

import (
	"bytes"
	"errors"
	"fmt"
)

var (
	// ErrCompressed reports a script that has to be decompressed first.
	ErrCompressed = errors.New("compressed")
	// ErrUTF16 reports a script in UTF-16. SQLite reads a script as UTF-8.
	ErrUTF16 = errors.New("is in UTF-16, and a script has to be in UTF-8")
	// ErrDatabase reports a database where a script is read.
	ErrDatabase = errors.New("is a database, and no script")
)

// EncodingLen is the number of bytes that [CheckEncoding] needs.
const EncodingLen = 16

// signatures holds the first bytes of files that are not UTF-8 text.
var signatures = []struct {
	first string
	err   error
}{
	{"\x1f\x8b", fmt.Errorf("is gzip-%w", ErrCompressed)},
	{"BZh", fmt.Errorf("is bzip2-%w", ErrCompressed)},
	{"\xfd7zXZ\x00", fmt.Errorf("is xz-%w", ErrCompressed)},
	{"\x28\xb5\x2f\xfd", fmt.Errorf("is zstd-%w", ErrCompressed)},
	{"PK\x03\x04", fmt.Errorf("is zip-%w", ErrCompressed)},
	{"\xff\xfe", ErrUTF16},
	{"\xfe\xff", ErrUTF16},
	{"SQLite format 3\x00", ErrDatabase}, // https://sqlite.org/fileformat2.html#magic_header_string
}

// CheckEncoding returns an error if the first bytes of a script show that SQLite cannot read it as
// text. The message is a predicate for the script's name, such as "is gzip-compressed".
func CheckEncoding(first []byte) error {
	for _, s := range signatures {
		if bytes.HasPrefix(first, []byte(s.first)) {
			return s.err
		}
	}
	const few = 4
	if len(first) >= few && (isASCII16(first[:few], 0) || isASCII16(first[:few], 1)) {
		return ErrUTF16
	}
	return nil
}

// isASCII16 reports whether text is ASCII in UTF-16. Every high byte of such text is NUL. The first
// high byte is at the offset high.
func isASCII16(text []byte, high int) bool {
	for i, c := range text {
		if (i%2 == high) != (c == 0) {
			return false
		}
	}
	return true
}
