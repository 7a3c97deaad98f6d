package extract

import (
	"errors"
	"io"
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

// keepScript makes the options' script one that can be read again, if it is to
// be streamed and can be read only once. The function frees what that takes.
func (o Options) keepScript() (Options, func(), error) {
	if _, ok := o.Script.(io.Seeker); ok || o.Script == nil || !o.areStreamable() {
		return o, func() {}, nil
	}
	spool, err := newSpool()
	if err != nil {
		return o, nil, err
	}
	o.Script = &keptScript{from: o.Script, spool: spool}
	return o, spool.discard, nil
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
