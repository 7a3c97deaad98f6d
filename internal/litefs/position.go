package litefs

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// Position returns LiteFS's position of the database, TXID/checksum
// (https://fly.io/docs/litefs/position/), and whether the database is on LiteFS.
//
// LiteFS counts a transaction right after SQLite shows it to others. Only while a connection holds
// the write lock does the position belong to what SQLite shows.
func Position(db string) (position string, found bool, err error) {
	return readLine(beside(db, func(base string) string { return base + "-pos" }))
}

// StandstillError reports that LiteFS has not taken a transaction that SQLite has committed.
type StandstillError struct {
	// Position is LiteFS's position before the transaction.
	Position string
	// Err is the reason why the position after the transaction is unknown. It is nil if the
	// position is still the same.
	Err error
}

func (e *StandstillError) Error() string {
	if e.Err != nil {
		return fmt.Sprintf("LiteFS was at position %s before the COMMIT, and does not say where "+
			"it is now: %v", e.Position, e.Err)
	}
	return fmt.Sprintf("SQLite has committed, but LiteFS is still at position %s", e.Position)
}

// Unwrap returns the reason why the position is unknown.
func (e *StandstillError) Unwrap() error { return e.Err }

// CheckMoved returns LiteFS's present position of the database. The error is a [*StandstillError]
// unless its TXID is greater than that of the position before.
func CheckMoved(db, before string) (string, error) {
	after, found, err := Position(db)
	if err == nil && !found {
		err = errors.New("the file of the position is gone")
	}
	var was, is uint64
	if err == nil {
		was, err = parseTXID(before)
	}
	if err == nil {
		is, err = parseTXID(after)
	}
	if err != nil || is <= was {
		return "", &StandstillError{Position: before, Err: err}
	}
	return after, nil
}

// parseTXID returns the number of the transaction in a position.
func parseTXID(position string) (uint64, error) {
	txid, _, _ := strings.Cut(position, "/")
	n, err := strconv.ParseUint(txid, 16, 64)
	if err != nil {
		return 0, fmt.Errorf("the position %q has no TXID", position)
	}
	return n, nil
}
