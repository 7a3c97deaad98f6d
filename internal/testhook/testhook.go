// Package testhook lets tests interrupt the product at moments that they cannot reach from outside.
// A test sets a variable, and the product calls it at the moment that the name says.
//
// Only files named _test.go set the variables. A test of this package enforces that. In a product
// binary the variables are always nil, and no flag, file or environment variable reaches them.
package testhook

// BackupWritten, if not nil, is called with the path of a backup's temporary file after the whole
// file is on the disk and before the backup is verified.
var BackupWritten func(path string)

// RestoreConfirmed, if not nil, is called after the user has agreed to a restore, and before the
// restore takes the write lock on the target.
var RestoreConfirmed func()
