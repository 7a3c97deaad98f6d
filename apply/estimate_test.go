package apply_test

import (
	"os"
	"testing"
	"time"

	"github.com/seedkit/seedkit/apply"
	"github.com/seedkit/seedkit/internal/testdb"
)

// TestPlanOfTheBackup compares the plan's size of the backup with the size of the file. The clock
// moves on by a second whenever it is read, so a sample of 2048 pages takes one second.
func TestPlanOfTheBackup(t *testing.T) {
	const large = "PRAGMA page_size = 512; VACUUM; CREATE TABLE large AS SELECT zeroblob(2500000);"
	for _, test := range []struct {
		mode, tables string
		least, most  int64
	}{
		{"wal", testdb.Users, 1, 1},
		{"delete", testdb.Users, 1, 1},
		{"delete", large + testdb.Users, 8 * 5000 / 2048, 8 * 6000 / 2048},
	} {
		db := testdb.Make(t, test.mode, test.tables)
		now := testdb.Now
		result, err := script(t, db, newUser, apply.Options{Clock: func() time.Time {
			now = now.Add(time.Second)
			return now
		}})
		if err != nil {
			t.Fatal(err)
		}
		info, err := os.Stat(result.Backup.Path)
		if err != nil || info.Size() != result.Plan.BackupBytes {
			t.Errorf("%s: the backup has %d bytes, planned are %d (%v)",
				test.mode, info.Size(), result.Plan.BackupBytes, err)
		}
		if got := result.Plan.BackupSeconds; got < test.least || got > test.most {
			t.Errorf("%s: planned are %d seconds, want %d to %d",
				test.mode, got, test.least, test.most)
		}
	}
}
