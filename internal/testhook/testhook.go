// Package testhook lets tests step in where the product has no door: they set
// a variable, and the code that it names calls it.
//
// Only files named _test.go set the variables, which this package's own test
// holds. In a product binary they are always nil, and no flag, file or
// environment variable reaches them.
package testhook

// BackupWritten, if not nil, is called with the path of a backup's temporary
// file, between the moment when it is wholly on the disk and its verification.
var BackupWritten func(path string)

// RestoreUnlocked, if not nil, is called when a restore has let go of the
// target's write lock, which it held for the backup of the present state, and
// has not yet taken it again to overwrite the target.
var RestoreUnlocked func()
