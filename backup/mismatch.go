package backup

import (
	"errors"
	"fmt"
	"strings"
)

// ErrMismatch reports two things that differ but should be the same. The error is a
// [*MismatchError].
var ErrMismatch = errors.New("mismatch")

// MismatchError names what differs. [errors.Is] matches it with [ErrMismatch].
type MismatchError struct {
	// Path is the path of the file that differs.
	Path string
	// Against is what the file was compared with.
	Against string
	// Differences are the differences. There is at least one.
	Differences []Difference
}

// Difference is one thing that differs between two databases, or between a backup and its manifest.
type Difference struct {
	// What names the thing: "sha256", "page 12", "table User", "integrity_check" …
	What string `json:"what"`
	// Want is the value in the manifest or the backup. It is empty if there is nothing to show.
	Want string `json:"want"`
	// Got is the value that was found. It is empty if there is nothing to show.
	Got string `json:"got"`
}

func (e *MismatchError) Error() string {
	texts := make([]string, len(e.Differences))
	for i, d := range e.Differences {
		texts[i] = d.String()
	}
	return fmt.Sprintf("%s differs from %s: %s", e.Path, e.Against, strings.Join(texts, "; "))
}

// Is reports whether target is [ErrMismatch].
func (e *MismatchError) Is(target error) bool { return target == ErrMismatch }

func (d Difference) String() string {
	if d.Want == "" && d.Got == "" {
		return d.What
	}
	return fmt.Sprintf("%s (want %s, got %s)", d.What, d.Want, d.Got)
}

// differences collects what differs.
type differences []Difference

// compare adds a difference unless the values are equal.
func (d *differences) compare(what string, want, got any) {
	if want != got {
		*d = append(*d, Difference{What: what, Want: fmt.Sprint(want), Got: fmt.Sprint(got)})
	}
}

// mismatch returns the differences as an error. It returns nil if there are none.
func (d differences) mismatch(path, against string) error {
	if len(d) == 0 {
		return nil
	}
	return &MismatchError{Path: path, Against: against, Differences: d}
}
