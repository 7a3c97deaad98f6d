package rbac

import (
	"errors"
	"io"
)

// Write writes the policy as the file that [Parse] reads.
func (p Policy) Write(w io.Writer) error { return errors.New("not yet") }
