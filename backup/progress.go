package backup

// Progress says how far a function of this package is.
type Progress struct {
	Stage Stage
	// Done and Total count the stage's unit, pages or tables. Total is 0 if it is unknown.
	Done, Total int64
}

// Stage says what the function is doing.
type Stage string

// The stages of this package's functions.
const (
	Copying   Stage = "copying"   // copies pages into a backup
	Comparing Stage = "comparing" // compares the backup's pages with the database's
	Checking  Stage = "checking"  // runs SQLite's checks; Done and Total are 0
	Counting  Stage = "counting"  // reads the rows, table by table
	Restoring Stage = "restoring" // copies pages into the database
)

// reporter is the Progress field of options. It may be nil.
type reporter func(Progress)

func (r reporter) report(stage Stage, done, total int64) {
	if r != nil {
		r(Progress{Stage: stage, Done: done, Total: total})
	}
}

// pages returns a callback for a stage that works page by page.
func (r reporter) pages(stage Stage) func(done, total int) {
	return func(done, total int) { r.report(stage, int64(done), int64(total)) }
}
