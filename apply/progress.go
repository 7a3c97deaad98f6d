package apply

import "github.com/seedkit/seedkit/backup"

// Progress says how far [Run] is.
type Progress = backup.Progress

// The stages of [Run] and [Undo] in addition to the stages of the backup.
const (
	Planning  backup.Stage = "planning"  // compares the rows, table by table
	Inserting backup.Stage = "inserting" // inserts the new rows, table by table
	Verifying backup.Stage = "verifying" // reads the rows back, table by table
	Undoing   backup.Stage = "undoing"   // takes the rows of a run back
)

// reporter is the Progress field of options. It may be nil.
type reporter func(Progress)

func (r reporter) report(stage backup.Stage, done, total int64) {
	if r != nil {
		r(Progress{Stage: stage, Done: done, Total: total})
	}
}
