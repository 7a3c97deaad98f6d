// Package rbac keeps the roles and permissions of an app as code. A [Policy] is a file in the
// app's repository. The package compares the policy with a database, and changes the database to
// agree with the policy.
package rbac
