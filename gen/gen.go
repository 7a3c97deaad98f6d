// Package gen makes a program of fixtures that are declared in Go:
//
//	package main
//
//	import (
//		"github.com/seedkit/seedkit/gen"
//		"github.com/seedkit/seedkit/generate"
//	)
//
//	func main() {
//		gen.Main(generate.Set{Name: "sample", Sample: true, Fill: sample})
//	}
//
// The command "seedkit gen ./seed" builds the program in the folder seed, and runs it.
package gen

import (
	"os"

	"github.com/seedkit/seedkit/generate"
	"github.com/seedkit/seedkit/internal/command"
)

// Main is the command line of "seedkit gen" with sets in place of the built-in ones: the flags, the
// messages and the exit codes are the same. The words of the command line are files and folders of
// fixtures, which Main adds to the sets. A file can belong to one of the sets by its name. Main
// ends the process.
func Main(sets ...generate.Set) { os.Exit(command.Gen(sets)) }
