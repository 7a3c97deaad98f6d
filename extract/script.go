package extract

import (
	"context"
	"errors"
	"io"

	"github.com/seedkit/seedkit/internal/seed"
	"github.com/seedkit/seedkit/internal/tempfile"
)

// openScript opens a source that is a script so that it can be read twice. It
// returns nil for a database. The function frees what that takes.
func (o Options) openScript(ctx context.Context, source string) (io.ReadSeeker, func(), error) {
	nothing := func() {}
	if o.Script == nil {
		script, err := seed.Source{Path: source}.IsScript()
		if !script || err != nil {
			return nil, nothing, err
		}
		f, err := seed.OpenScript(ctx, source)
		if err != nil {
			return nil, nothing, err
		}
		nothing = func() { f.Close() }
		o.Script = f
	}
	if seeker, ok := o.Script.(io.ReadSeeker); ok {
		if _, err := seeker.Seek(0, io.SeekCurrent); err == nil {
			return seeker, nothing, nil
		}
	}
	file, err := tempfile.New()
	if err != nil {
		nothing()
		return nil, nothing, err
	}
	return &keptScript{from: o.Script, file: file}, func() { file.Close(); nothing() }, nil
}

// keptScript is a script that can be read once, such as standard input. It
// keeps what was read in a temporary file, to read it again.
type keptScript struct {
	from io.Reader
	file tempfile.File
	at   int64 // the offset of what is read next
	kept int64 // bytes in the file
	err  error // that ended from
}

func (k *keptScript) Read(p []byte) (n int, err error) {
	if k.at < k.kept {
		n, err = k.file.ReadAt(p[:min(int64(len(p)), k.kept-k.at)], k.at)
		k.at += int64(n)
		return n, err
	}
	if k.err != nil {
		return 0, k.err
	}
	n, k.err = k.from.Read(p)
	if _, err := k.file.Write(p[:n]); err != nil {
		k.err = err
		return 0, err
	}
	k.kept += int64(n)
	k.at = k.kept
	return n, k.err
}

// Seek goes to a place that was read before.
func (k *keptScript) Seek(offset int64, whence int) (int64, error) {
	if whence == io.SeekCurrent {
		offset += k.at
	}
	if whence == io.SeekEnd || offset < 0 || offset > k.kept {
		return k.at, errors.ErrUnsupported
	}
	k.at = offset
	return offset, nil
}
