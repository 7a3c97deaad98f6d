package extract

import (
	"context"
	"errors"
	"io"
	"os"

	"github.com/seedkit/seedkit/internal/seed"
)

// keptScript is a script that can be read once, such as standard input. What
// is read of it is kept in a temporary file, to be read again where a stream
// gives up.
type keptScript struct {
	from  io.Reader
	spool *spool
	at    int64 // the offset of what is read next
	kept  int64 // bytes in the spool
	err   error // that ended from
}

// keepScript makes a script that can be read only once, and is to be streamed,
// one that can be read again. The function frees what that takes.
func (o Options) keepScript(ctx context.Context, source string) (Options, func(), error) {
	nothing := func() {}
	if !o.areStreamable() || canSeek(o.Script) {
		return o, nothing, nil
	}
	closePipe := nothing
	if o.Script == nil {
		info, err := os.Stat(source)
		if err != nil || info.IsDir() || info.Mode().IsRegular() {
			return o, nothing, nil
		}
		pipe, err := seed.OpenScript(ctx, source)
		if err != nil {
			return o, nothing, err
		}
		o.Script, closePipe = pipe, func() { pipe.Close() }
	}
	spool, err := newSpool()
	if err != nil {
		closePipe()
		return o, nothing, err
	}
	o.Script = &keptScript{from: o.Script, spool: spool}
	return o, func() { spool.discard(); closePipe() }, nil
}

func canSeek(r io.Reader) bool {
	seeker, ok := r.(io.Seeker)
	if ok {
		_, err := seeker.Seek(0, io.SeekCurrent)
		ok = err == nil
	}
	return ok
}

func (k *keptScript) Read(p []byte) (n int, err error) {
	if k.at < k.kept {
		n, err = k.spool.f.ReadAt(p[:min(int64(len(p)), k.kept-k.at)], k.at)
		k.at += int64(n)
		return n, err
	}
	if k.err != nil {
		return 0, k.err
	}
	n, k.err = k.from.Read(p)
	if _, err := k.spool.Write(p[:n]); err != nil {
		k.err = err
		return 0, err
	}
	k.kept += int64(n)
	k.at = k.kept
	return n, k.err
}

// Seek goes to where the script has been read already.
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
