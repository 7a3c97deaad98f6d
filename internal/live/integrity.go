package live

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/seedkit/seedkit/internal/sqlite"
)

// DamagedError reports a database whose pages contradict each other.
type DamagedError struct {
	Path     string
	Problems []string // The first few faults, in SQLite's words.
}

func (e *DamagedError) Error() string {
	return fmt.Sprintf("%s is damaged: %s", e.Path, strings.Join(e.Problems, "; "))
}

// Integrity is what PRAGMA integrity_check (https://sqlite.org/pragma.html#pragma_integrity_check)
// says of a database whose pages are sound.
type Integrity struct {
	// SQLite is the version of SQLite that ran the check. Another version may find other faults.
	SQLite string `json:"sqlite"`
	// Faults are the first ten faults, in SQLite's words: for example a row that breaks a CHECK, or
	// an index whose entries differ from its table.
	Faults []string `json:"faults,omitempty"`
	// Unchecked says why the check could not come to its end, for example because a CHECK calls a
	// function that only the app's SQLite has. The pages were checked all the same. It is empty
	// after a complete check.
	Unchecked string `json:"unchecked,omitempty"`
}

// IsOK reports whether a complete check found no fault.
func (i Integrity) IsOK() bool { return i.Faults == nil && i.Unchecked == "" }

// String sums up the result for a message.
func (i Integrity) String() string {
	faults := strings.Join(i.Faults, "; ")
	switch {
	case i.Unchecked == "" && faults == "":
		return "ok"
	case i.Unchecked == "":
		return faults
	case faults == "":
		return "unchecked: " + i.Unchecked
	}
	return faults + "; then unchecked: " + i.Unchecked
}

// CheckIntegrity finds out what PRAGMA integrity_check says of the database at path, on connections
// of its own. A database whose pages contradict each other is a [*DamagedError].
func CheckIntegrity(ctx context.Context, path string) (Integrity, error) {
	if isSound(ctx, path) {
		return Integrity{SQLite: sqlite.Version()}, nil
	}
	c, err := sqlite.OpenSnapshot(ctx, path)
	if err != nil {
		return Integrity{}, err
	}
	found, err := checkIntegrity(c, path)
	if closed := c.Close(); err == nil {
		err = closed
	}
	return found, err
}

func checkIntegrity(c *sqlite.Conn, path string) (Integrity, error) {
	found := Integrity{SQLite: sqlite.Version()}
	faults, err := readFaults(c, path)
	found.Faults = faults
	why, ok := errors.AsType[*sqlite.Error](err)
	if !ok || why.Code() != sqlite.Generic {
		return found, err
	}
	found.Unchecked = why.Error()
	// With stand-ins for what the app's SQLite has, SQLite can check the pages. What the stand-ins
	// compute is wrong, so what SQLite says of rows and indexes does not count.
	if err := c.StandInForCollations(); err != nil {
		return found, err
	}
	c.StandInForFunctions()
	if _, err := readFaults(c, path); err != nil && !sqlite.Is(err, sqlite.Generic) {
		return found, err
	}
	missing, err := c.StandIns()
	if err != nil || len(missing) == 0 {
		return found, err
	}
	names := make([]string, len(missing))
	for i, m := range missing {
		names[i] = m.String()
	}
	found.Unchecked = "seedkit's SQLite lacks " + strings.Join(names, ", ")
	return found, nil
}

// readFaults runs the check. SQLite begins its report on the pages with "*** in database".
func readFaults(c *sqlite.Conn, path string) (faults []string, err error) {
	for row, err := range c.Query("PRAGMA integrity_check(10)") {
		if sqlite.Is(err, sqlite.Corrupt) {
			return nil, &DamagedError{Path: path, Problems: append(faults, err.Error())}
		}
		if err != nil {
			return faults, fmt.Errorf("integrity_check: %w", err)
		}
		text := row.Text(0)
		if pages, damaged := strings.CutPrefix(text, "*** in database "); damaged {
			_, pages, _ = strings.Cut(pages, "\n")
			return nil, &DamagedError{Path: path, Problems: strings.Split(pages, "\n")}
		}
		if text != "ok" {
			faults = append(faults, text)
		}
	}
	return faults, nil
}
