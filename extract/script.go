package extract

import (
	"context"
	"errors"
	"io"
	"os"

	"github.com/seedkit/seedkit/internal/schema"
	"github.com/seedkit/seedkit/internal/seed"
	"github.com/seedkit/seedkit/internal/tempfile"
)

// openScript opens a source that is a script, and makes it report progress if Progress is set. If
// twice is true, the script can be read twice. openScript leaves a database alone, and a source
// that it cannot examine: opening such a source later gives the error. The returned function frees
// the script.
func (o Options) openScript(ctx context.Context, source string, twice bool) (Options, func(), error) {
	closeAll := func() {}
	var size int64
	if o.Script == nil {
		if script, err := (seed.Source{Path: source}).IsScript(); !script || err != nil {
			return o, closeAll, nil
		}
		f, err := schema.OpenScript(ctx, source)
		if err != nil {
			return o, closeAll, err
		}
		closeAll = func() { f.Close() }
		if info, err := os.Stat(source); err == nil && info.Mode().IsRegular() {
			size = info.Size()
		}
		o.Script = f
	}
	if twice && !canSeek(o.Script) {
		file, err := tempfile.New()
		if err != nil {
			closeAll()
			return o, func() {}, err
		}
		closeScript := closeAll
		closeAll = func() { file.Close(); closeScript() }
		o.Script = &keptScript{from: o.Script, file: file}
	}
	if o.Progress != nil {
		o.Script = &counted{r: o.Script, tell: o.Progress, stage: Reading, total: size}
	}
	return o, closeAll, nil
}

func canSeek(r io.Reader) bool {
	seeker, ok := r.(io.Seeker)
	if ok {
		_, err := seeker.Seek(0, io.SeekCurrent)
		ok = err == nil
	}
	return ok
}

// keptScript is a script that can be read only once, such as standard input. It keeps the text in a
// temporary file, to read it again.
type keptScript struct {
	from io.Reader
	file tempfile.File
	at   int64 // The offset of the next read.
	kept int64 // The number of bytes in file.
	err  error // The error that ended from.
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

// Seek moves to a position up to which the script was read.
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
