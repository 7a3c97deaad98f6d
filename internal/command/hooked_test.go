package command

import (
	"context"
	"os"
	"os/signal"
	"syscall"

	"github.com/seedkit/seedkit/internal/sqlite"
	"github.com/seedkit/seedkit/internal/testhook"
)

// runSpoiled is the program seedkit-spoiled: seedkit on a disk that inverts a bit in the middle of
// each backup after the backup is written and before it is verified.
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
	os.Exit(Run())
}

// runOvertaken is the program seedkit-overtaken: seedkit at work on production.db, whose app runs
// meanwhile.sql after the backup is written.
func runOvertaken() {
	testhook.BackupWritten = func(string) {
		script, err := os.ReadFile("meanwhile.sql")
		if err == nil {
			err = execOnce("production.db", string(script))
		}
		if err != nil {
			panic(err)
		}
	}
	os.Exit(Run())
}

// runOutrun is the program seedkit-outrun: a restore of production.db, whose app runs meanwhile.sql
// after the user has agreed.
func runOutrun() {
	testhook.RestoreConfirmed = func() {
		script, err := os.ReadFile("meanwhile.sql")
		if err == nil {
			err = execOnce("production.db", string(script))
		}
		if err != nil {
			panic(err)
		}
	}
	os.Exit(Run())
}

func execOnce(db, script string) error {
	c, err := sqlite.Open(context.Background(), db, sqlite.ReadWrite)
	if err != nil {
		return err
	}
	defer c.Close()
	return c.ExecScript(script)
}

// runInterrupted is the program seedkit-interrupted: an interrupt arrives after seedkit has written
// a backup, and before seedkit goes on.
func runInterrupted() {
	testhook.BackupWritten = func(string) {
		arrived := make(chan os.Signal, 1)
		signal.Notify(arrived, os.Interrupt)
		if err := kill(syscall.SIGINT); err != nil {
			panic(err)
		}
		<-arrived
	}
	os.Exit(Run())
}
