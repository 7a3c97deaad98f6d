package authority

import (
	"os/exec"
	"testing"
)

// Django returns the path of a Python that has Django, or skips the test if it is not installed.
func Django(tb testing.TB) string {
	tb.Helper()
	python := installed(tb, "SEEDKIT_DJANGO", ".ci/install-django")
	if out, err := exec.Command(python, "-c", "import django").CombinedOutput(); err != nil {
		tb.Fatalf("SEEDKIT_DJANGO is %s, which has no Django: %v\n%s", python, err, out)
	}
	return python
}

// ActiveRecord returns the path of a Ruby that has ActiveRecord and its adapter for SQLite. It
// skips the test if they are not installed.
func ActiveRecord(tb testing.TB) string {
	tb.Helper()
	ruby := installed(tb, "SEEDKIT_ACTIVERECORD", ".ci/install-activerecord")
	const require = `require "active_record"; require "sqlite3"`
	if out, err := exec.Command(ruby, "-e", require).CombinedOutput(); err != nil {
		tb.Fatalf("SEEDKIT_ACTIVERECORD is %s, which has no ActiveRecord: %v\n%s", ruby, err, out)
	}
	return ruby
}

// PHP returns the path of a PHP that has PDO for SQLite, or skips the test if it is not installed.
func PHP(tb testing.TB) string {
	tb.Helper()
	php := installed(tb, "SEEDKIT_PHP", ".ci/install-php")
	const open = `new PDO("sqlite::memory:");`
	if out, err := exec.Command(php, "-r", open).CombinedOutput(); err != nil {
		tb.Fatalf("SEEDKIT_PHP is %s, which has no PDO for SQLite: %v\n%s", php, err, out)
	}
	return php
}
