package command

import (
	"context"
	"io"
	"os"

	"github.com/seedkit/seedkit/internal/atomicfile"
)

// open opens the file at path for reading. "-" is standard input: reading from it ends with ctx,
// even while nobody types.
func (t *terminal) open(ctx context.Context, path string) (io.ReadCloser, error) {
	if path != "-" {
		return os.Open(path)
	}
	r, w := io.Pipe()
	context.AfterFunc(ctx, func() { w.CloseWithError(ctx.Err()) })
	go func() {
		_, err := io.Copy(w, t.in)
		w.CloseWithError(err)
	}()
	return r, nil
}

// An output takes the data of a verb. A file appears only at Commit. Close discards what was not
// committed.
type output interface {
	io.WriteCloser
	Commit() error
}

// create returns the output for the flag -o: the file at path, or standard output if path is empty
// or "-". It refuses to overwrite one of the inputs, the paths that the verb reads.
func (t *terminal) create(path string, inputs ...string) (output, error) {
	isStdout := path == "" || path == "-"
	if t.json != nil && (isStdout || t.leadsToStdout(path)) {
		return nil, usagef("--json needs -o FILE: standard output carries the JSON")
	}
	if isStdout {
		t.printing = true
		return newStdout(t.out.Writer), nil
	}
	for _, input := range inputs {
		if sameFile(input, path) {
			return nil, usagef("%s is the input and the output", quoted(path))
		}
	}
	return atomicfile.Create(path, 0o666)
}

// leadsToStdout reports whether path leads to the same place as standard output, as /dev/stdout
// does.
func (t *terminal) leadsToStdout(path string) bool {
	f, ok := fileBehind(t.out.Writer)
	if !ok {
		return false
	}
	there, err := f.Stat()
	if err != nil {
		return false
	}
	info, err := os.Stat(path)
	return err == nil && os.SameFile(there, info)
}

// sameFile reports whether both paths lead to the same regular file.
func sameFile(a, b string) bool {
	infoA, errA := os.Stat(a)
	infoB, errB := os.Stat(b)
	return errA == nil && errB == nil && infoA.Mode().IsRegular() && os.SameFile(infoA, infoB)
}

// A stdout is standard output that cannot take back what was written.
type stdout struct{ io.Writer }

// ReadFrom writes everything that r has.
func (s stdout) ReadFrom(r io.Reader) (int64, error) { return io.Copy(s.Writer, r) }

func (stdout) Commit() error { return nil }
func (stdout) Close() error  { return nil }
