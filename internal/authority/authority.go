// Package authority gives tests the real tools that decide whether seedkit is right: the sqlite3
// shell, Prisma and other migration tools, Django, ActiveRecord and PHP, drivers of Go, OpenSSH's
// server, and strace, which shows and disturbs what seedkit asks of the system.
//
// Only tests import the package. The scripts .ci/install-* install the tools. Environment variables
// hold their paths:
//
//	SEEDKIT_SQLITE3    the sqlite3 shell, the last line that install-sqlite3 prints
//	SEEDKIT_PRISMA     the project of Prisma 6, the last line that install-prisma prints
//	SEEDKIT_PRISMA7    the project of Prisma 7, the last line that install-prisma7 prints
//	SEEDKIT_MIGRATORS  goose, golang-migrate, dbmate, Drizzle and Wrangler,
//	                   the last line that install-migrators prints
//	SEEDKIT_DJANGO     Python with Django, the last line that install-django prints
//	SEEDKIT_ACTIVERECORD
//	                   Ruby with ActiveRecord, the last line that install-activerecord prints
//	SEEDKIT_PHP        PHP with PDO for SQLite, the last line that install-php prints
//	SEEDKIT_SSHD       OpenSSH's server, the last line that install-sshd prints
//	SEEDKIT_STRACE     strace, the last line that install-strace prints
//	SEEDKIT_GODRIVERS  a copy of .ci/godrivers, the last line that install-godrivers prints
//	SEEDKIT_LITEFS     a litefs, which no script installs
//
// If a variable is not set, tests that need its tool are skipped. If a variable names something
// other than the tool, these tests fail.
package authority

import (
	"os"
	"testing"
)

// installed returns the path in the environment variable. If the variable is not set, installed
// skips the test and names the script that installs the tool.
func installed(tb testing.TB, variable, script string) string {
	tb.Helper()
	path := os.Getenv(variable)
	if path == "" {
		tb.Skipf("%s is not set: run %s DIR and set it to the path that is printed", variable,
			script)
	}
	return path
}
