// Command seedkit makes the seed data of an app that runs on SQLite, and brings it to
// production.
package main

import (
	"os"

	"github.com/seedkit/seedkit/internal/command"
)

func main() { os.Exit(command.Run()) }
