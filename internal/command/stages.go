package command

import (
	"github.com/seedkit/seedkit/apply"
	"github.com/seedkit/seedkit/backup"
	"github.com/seedkit/seedkit/dump"
	"github.com/seedkit/seedkit/extract"
	"github.com/seedkit/seedkit/generate"
)

// The units in which stages count.
const (
	rowsDone   = "rows"
	pagesDone  = "pages"
	tablesDone = "tables"
	bytesDone  = "bytes"
)

// update, dumped, extracted and generated are the Progress of the verbs' options.

func (b *stageBars) update(p apply.Progress) {
	unit := tablesDone
	switch p.Stage {
	case backup.Copying, backup.Comparing, backup.Restoring:
		unit = pagesDone
	}
	b.show(string(p.Stage), unit, p.Done, p.Total)
}

func (b *stageBars) dumped(p dump.Progress) {
	b.show("dumping", rowsDone, p.Rows, 0)
}

func (b *stageBars) extracted(p extract.Progress) {
	unit := rowsDone
	switch p.Stage {
	case extract.Reading, extract.Replaying:
		unit = bytesDone
	}
	b.show(string(p.Stage), unit, p.Done, p.Total)
}

func (b *stageBars) generated(p generate.Progress) {
	b.show(string(p.Stage), rowsDone, p.Done, p.Total)
}
