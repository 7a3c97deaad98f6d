package backup

// Progress says how far a verb is.
type Progress struct {
	Stage       Stage
	Done, Total int64 // in the stage's unit; Total is 0 where nobody knows
}

// Stage is what a verb is doing.
type Stage string

// The stages of this package's functions.
const (
	Copying   Stage = "copying"   // pages, into a backup
	Comparing Stage = "comparing" // pages, a backup's with the database's
	Checking  Stage = "checking"  // SQLite's own checks, which do not say how far they are
	Counting  Stage = "counting"  // tables, whose rows are read
	Restoring Stage = "restoring" // pages, into the database
)

// reporter is a Progress field of options, nil perhaps.
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
