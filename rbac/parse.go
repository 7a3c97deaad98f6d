package rbac

import (
	"errors"
	"io"
)

// Parse reads a policy.
func Parse(name string, r io.Reader) (Policy, error) {
	return Policy{}, errors.New("not yet")
}
