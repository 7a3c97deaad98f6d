// Package filelock tells a file of a process at work from what a killed process has left: the
// system releases the lock when the process ends in whatever way.
package filelock

import "errors"

// ErrInUse reports a file that another opener has locked.
var ErrInUse = errors.New("is in use")
