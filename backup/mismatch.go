package backup

import (
	"errors"
	"fmt"
	"strings"
)

// ErrMismatch reports that two things which should be the same are not. The
// error is a [*MismatchError].
var ErrMismatch = errors.New("mismatch")

// MismatchError names what differs. It is [ErrMismatch].
type MismatchError struct {
	Path        string // of the file that is not what it should be
	Against     string // what it was compared with
	Differences []Difference
}

// Difference is one thing in which two databases, or a backup and its
// manifest, differ.
type Difference struct {
	What string `json:"what"` // "sha256", "page 12", "table User", "integrity_check", …
	Want string `json:"want"` // by the manifest, or in the backup; "" where there is nothing to show
	Got  string `json:"got"`
}

func (e *MismatchError) Error() string {
	texts := make([]string, len(e.Differences))
	for i, d := range e.Differences {
		texts[i] = d.String()
	}
	return fmt.Sprintf("%s differs from %s: %s", e.Path, e.Against, strings.Join(texts, "; "))
}

// Is makes a MismatchError an [ErrMismatch].
func (e *MismatchError) Is(target error) bool { return target == ErrMismatch }

func (d Difference) String() string {
	if d.Want == "" && d.Got == "" {
		return d.What
	}
	return fmt.Sprintf("%s (want %s, got %s)", d.What, d.Want, d.Got)
}

// differences collects what differs.
type differences []Difference

// compare adds what, unless the values are equal.
func (d *differences) compare(what string, want, got any) {
	if want != got {
		*d = append(*d, Difference{What: what, Want: fmt.Sprint(want), Got: fmt.Sprint(got)})
	}
}

// mismatch returns the differences as an error, nil if there are none.
func (d differences) mismatch(path, against string) error {
	if len(d) == 0 {
		return nil
	}
	return &MismatchError{Path: path, Against: against, Differences: d}
}
