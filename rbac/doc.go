// Package rbac keeps the roles and permissions of an app as code. A [Policy] is a file in the
// app's repository. The package compares the policy with a database, and changes the database to
// agree with the policy.
//
// An app asks a [Check], such as "delete:note:own". A policy gives with a [Grant], such as
// "create,delete:note:*". The two are written alike and mean different things, so they are two
// types.
//
// An access never covers another: a role with "delete:note:any" alone does not pass the check
// "delete:note:own".
package rbac
