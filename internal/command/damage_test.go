package command

import (
	"os"
	"strconv"

	"github.com/rogpeppe/go-internal/testscript"
)

// flip inverts the lowest bit of one byte of a file, counted from 0:
//
//	flip backup.db 4096
func flip(ts *testscript.TestScript, neg bool, args []string) {
	path, offset := fileAndNumber(ts, neg, args, "flip FILE OFFSET")
	ts.Check(flipBit(path, offset))
}

func flipBit(path string, offset int64) error {
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	defer f.Close()
	var b [1]byte
	if _, err := f.ReadAt(b[:], offset); err != nil {
		return err
	}
	b[0] ^= 1
	if _, err := f.WriteAt(b[:], offset); err != nil {
		return err
	}
	return f.Close()
}

// cut leaves the first SIZE bytes of a file:
//
//	cut backup.db 4096
func cut(ts *testscript.TestScript, neg bool, args []string) {
	path, size := fileAndNumber(ts, neg, args, "cut FILE SIZE")
	ts.Check(os.Truncate(path, size))
}

func fileAndNumber(
	ts *testscript.TestScript, neg bool, args []string, usage string,
) (string, int64) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: %s", usage)
	}
	n, err := strconv.ParseInt(args[1], 10, 64)
	ts.Check(err)
	return ts.MkAbs(args[0]), n
}
