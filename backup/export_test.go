package backup

import "github.com/seedkit/seedkit/internal/live"

// HashAtOnce makes restores hold n rows' hashes in memory at a time, until the
// function that it returns is called.
func HashAtOnce(n int64) (undo func()) {
	old := hashesAtOnce
	hashesAtOnce = n
	return func() { hashesAtOnce = old }
}

// NeedSpace is live.CheckSpace.
var NeedSpace = live.CheckSpace
