package extract

import (
	"bytes"
	"io"
	"runtime"
	"testing"
)

// TestOutboxClosedEarly closes an outbox before its goroutine has begun.
func TestOutboxClosedEarly(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	for sends := range 4 {
		var got bytes.Buffer
		o := newOutbox(func() (io.Writer, error) { return &got, nil })
		var want []byte
		for i := range sends {
			o.buf = append(o.buf, byte('a'+i))
			want = append(want, byte('a'+i))
			if err := o.send(); err != nil {
				t.Fatal(err)
			}
		}
		if err := o.close(); err != nil || !bytes.Equal(got.Bytes(), want) {
			t.Errorf("after %d buffers: got %v and %q, want %q", sends, err, got.Bytes(), want)
		}
	}
}
