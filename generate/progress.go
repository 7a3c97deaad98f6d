package generate

// Progress is the state of a running [Write] or [Fill].
type Progress struct {
	Stage       Stage
	Done, Total int64 // counts in the unit of the stage
}

// Stage names a part of the work of [Write] and [Fill].
type Stage string

// Inserting counts the rows that fixtures declare, including those that the schema's scripts have
// inserted already.
const Inserting Stage = "inserting"

// progress counts rows and reports the counts.
type progress struct {
	tell        func(Progress) // nil for nobody
	done, total int64          // rows
}

func (p *progress) row() {
	p.done++
	if p.tell != nil {
		p.tell(Progress{Stage: Inserting, Done: p.done, Total: p.total})
	}
}
