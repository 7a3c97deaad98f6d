package command

import (
	"errors"
	"flag"
	"os"
	"os/exec"
	"strconv"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

var update = flag.Bool("update", false, "write the expected output in testdata/script anew")

// programs are what scripts can run besides the machine's tools. seedkit is the real command,
// with the verbs of trial_test.go added.
var programs = map[string]func(){
	"app": runApp,
	"seedkit": func() {
		constructors = append(trials, constructors...)
		os.Exit(Run())
	},
	"seedkit-interrupted": runInterrupted,
	"seedkit-outrun":      runOutrun,
	"seedkit-overtaken":   runOvertaken,
	"seedkit-spoiled":     runSpoiled,
}

// commands are what scripts have besides testscript's own commands.
var commands = map[string]func(ts *testscript.TestScript, neg bool, args []string){
	"answers":   answers,
	"close":     closeApp,
	"cut":       cut,
	"exits":     exits,
	"flip":      flip,
	"gomodule":  gomodule,
	"open":      open,
	"plan":      plan,
	"query":     query,
	"refuses":   refuses,
	"says":      says,
	"sql":       sql,
	"unchanged": unchanged,
	"withoutgo": withoutgo,
}

func TestMain(m *testing.M) { testscript.Main(m, programs) }

func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		Setup:               setUpApps,
		Cmds:                commands,
		UpdateScripts:       *update,
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
	})
}

// exits runs a command that must end with the given exit code, "killed" for a signal:
//
//	exits 2 seedkit aply seed.sql
func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits CODE COMMAND [ARGUMENT…]")
	}
	err := ts.Exec(args[1], args[2:]...)
	if exit, failed := errors.AsType[*exec.ExitError](err); err != nil && !failed {
		ts.Fatalf("%v", err)
	} else if got := exitText(exit); got != args[0] {
		ts.Fatalf("exit code %s, want %s", got, args[0])
	}
}

func exitText(err *exec.ExitError) string {
	switch {
	case err == nil:
		return "0"
	case err.Exited():
		return strconv.Itoa(err.ExitCode())
	default:
		return "killed"
	}
}
