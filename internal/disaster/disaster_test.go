// Package disaster tests what a kill, a failing disk, a full disk and a power failure leave of the
// databases and the backups of apply, backup, restore and undo.
package disaster

import (
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/seedkit/seedkit/internal/command"
)

// everyCall names the variable that, if it is set, lets the tests try every call and every moment
// in place of a few of each kind. That takes half an hour.
const everyCall = "SEEDKIT_EVERY_CALL"

func isEveryCall() bool { return os.Getenv(everyCall) != "" }

func init() {
	// strace counts the calls of each thread. With one thread for the verb, the count of a call is
	// the same in each run.
	if filepath.Base(os.Args[0]) == "seedkit" {
		runtime.LockOSThread()
	}
}

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){
		"seedkit": func() { os.Exit(command.Run()) },
	})
}
