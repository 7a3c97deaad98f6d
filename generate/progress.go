package generate

// Progress says how far [Write] is.
type Progress struct {
	Stage       Stage
	Done, Total int64 // in the stage's unit
}

// Stage is what Write is doing.
type Stage string

// Inserting counts the rows that fixtures declare, those among them that
// stand for a row of the schema's scripts too.
const Inserting Stage = "inserting"

// progress is how far the engine is, and whom to tell.
type progress struct {
	tell        func(Progress) // nil for nobody
	done, total int64          // rows
}

func (p *progress) begin(tables []*table) {
	for _, t := range tables {
		p.total += int64(len(t.rows))
	}
}

func (p *progress) row() {
	p.done++
	if p.tell != nil {
		p.tell(Progress{Stage: Inserting, Done: p.done, Total: p.total})
	}
}
