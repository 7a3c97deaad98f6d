package generate_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seedkit/seedkit/internal/authority"
)

// TestFillWithEveryDriver fills a database through each driver. The rows of all kinds that are
// there, and those that Fill inserts, must not depend on what a driver makes of a value.
func TestFillWithEveryDriver(t *testing.T) {
	drivers := authority.Drivers(t)
	want := ""
	for _, name := range drivers.Names() {
		got := dumpedFile(t, drivers.Fill(t, name, t.TempDir()))
		if want == "" {
			want = got
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("dump (-%s +%s):\n%s", drivers.Names()[0], name, diff)
		}
	}
}
