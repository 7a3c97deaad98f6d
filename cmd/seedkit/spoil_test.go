package main

import (
	"os"

	"github.com/seedkit/seedkit/internal/testhook"
)

// runSpoiled is the program seedkit-spoiled: seedkit on a disk that inverts a bit in the middle of
// each backup, between the moment when it is written and its verification.
func runSpoiled() {
	testhook.BackupWritten = func(path string) {
		info, err := os.Stat(path)
		if err == nil {
			err = flipBit(path, info.Size()/2)
		}
		if err != nil {
			panic(err)
		}
	}
	main()
}
