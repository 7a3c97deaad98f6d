package rbac

import "errors"

// Validate reports the mistakes of a policy.
func (p Policy) Validate() error { return errors.New("not yet") }
