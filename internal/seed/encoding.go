package seed

import (
	"bytes"
	"errors"
	"fmt"
	"io"

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
