package command

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/seedkit/seedkit/internal/sqlite"
)

// runApp is the program app, which stands for the app that a database belongs to: it opens the
// database, runs a script on it, and keeps the connection until its standard input ends.
//
//	app DB SCRIPT
func runApp() {
	if err := app(os.Args[1], os.Args[2]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func app(db, script string) error {
	c, err := sqlite.Open(context.Background(), db, sqlite.ReadWrite)
	if err != nil {
		return err
	}
	defer c.Close()
	if err := c.ExecScript(script); err != nil {
		return err
	}
	fmt.Println("ready")
	_, err = io.Copy(io.Discard, os.Stdin)
	return err
}

// An openApp is an app that a script started.
type openApp struct {
	cmd   *exec.Cmd
	stdin io.Closer
}

// open starts the app of a database, with a script as for sql. close ends the app, or the end of
// the test does:
//
//	open production.db 'BEGIN EXCLUSIVE'
func open(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: open DB SCRIPT")
	}
	cmd := exec.Command(testBinary(ts), ts.MkAbs(args[0]), scriptText(ts, args[1]))
	cmd.Args[0] = "app"
	cmd.Stderr = os.Stderr
	stdin, err := cmd.StdinPipe()
	ts.Check(err)
	stdout, err := cmd.StdoutPipe()
	ts.Check(err)
	ts.Check(cmd.Start())
	apps := ts.Value(appsKey{}).(map[string]openApp)
	apps[args[0]] = openApp{cmd, stdin}
	if line, err := bufio.NewReader(stdout).ReadString('\n'); line != "ready\n" {
		ts.Fatalf("the app of %s did not start: %q, %v", args[0], line, err)
	}
}

// closeApp ends the app of a database cleanly:
//
//	close production.db
func closeApp(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: close DB")
	}
	apps := ts.Value(appsKey{}).(map[string]openApp)
	ts.Check(apps[args[0]].end())
	delete(apps, args[0])
}

func (a openApp) end() error {
	if err := a.stdin.Close(); err != nil {
		return err
	}
	return a.cmd.Wait()
}

// appsKey is the key of a script's apps, by database.
type appsKey struct{}

// setUpApps makes the end of a script end the apps that the script leaves running.
func setUpApps(env *testscript.Env) error {
	apps := map[string]openApp{}
	env.Values[appsKey{}] = apps
	env.Defer(func() {
		for _, a := range apps {
			_ = a.cmd.Process.Kill()
			_ = a.cmd.Wait()
		}
	})
	return nil
}

func testBinary(ts *testscript.TestScript) string {
	path, err := os.Executable()
	ts.Check(err)
	return path
}
