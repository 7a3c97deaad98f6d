package authority

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// probe replaces a test and records how a call ended it.
type probe struct {
	testing.TB
	skipped, failed string
}

func (p *probe) Helper() {}

func (p *probe) Skipf(format string, args ...any) {
	p.skipped = fmt.Sprintf(format, args...)
	runtime.Goexit()
}

func (p *probe) Fatalf(format string, args ...any) {
	p.failed = fmt.Sprintf(format, args...)
	runtime.Goexit()
}

func ended(call func(testing.TB)) *probe {
	p := new(probe)
	done := make(chan struct{})
	go func() {
		defer close(done)
		call(p)
	}()
	<-done
	return p
}

func TestMissingToolSkips(t *testing.T) {
	tests := []struct {
		variable, script string
		call             func(testing.TB)
	}{
		{"SEEDKIT_SQLITE3", ".ci/install-sqlite3", func(tb testing.TB) { SQLite3(tb) }},
		{"SEEDKIT_PRISMA", ".ci/install-prisma", func(tb testing.TB) { Prisma(tb) }},
		{"SEEDKIT_PRISMA7", ".ci/install-prisma7", func(tb testing.TB) { Prisma7(tb) }},
		{"SEEDKIT_MIGRATORS", ".ci/install-migrators", func(tb testing.TB) { Migrators(tb) }},
		{"SEEDKIT_DJANGO", ".ci/install-django", func(tb testing.TB) { Django(tb) }},
		{"SEEDKIT_ACTIVERECORD", ".ci/install-activerecord",
			func(tb testing.TB) { ActiveRecord(tb) }},
		{"SEEDKIT_PHP", ".ci/install-php", func(tb testing.TB) { PHP(tb) }},
		{"SEEDKIT_GODRIVERS", ".ci/install-godrivers", func(tb testing.TB) { Drivers(tb) }},
		{"SEEDKIT_SSHD", ".ci/install-sshd", func(tb testing.TB) { StartSSHD(tb) }},
	}
	for _, tt := range tests {
		t.Run(tt.variable, func(t *testing.T) {
			t.Setenv(tt.variable, "")
			got := ended(tt.call).skipped
			if !strings.Contains(got, tt.variable) || !strings.Contains(got, tt.script) {
				t.Errorf("skipped with %q, want %s and %s named", got, tt.variable, tt.script)
			}
			if _, err := os.Stat(filepath.Join("..", "..", tt.script)); err != nil {
				t.Errorf("find the script that is named: %v", err)
			}
		})
	}
}
