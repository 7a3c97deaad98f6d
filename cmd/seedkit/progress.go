package main

import (
	"time"

	"github.com/schollz/progressbar/v3"
)

// A progress shows how far a verb has come, on a terminal's standard error and nowhere else.
// Calls must not overlap.
type progress struct {
	term *terminal
	what string
	bar  *progressbar.ProgressBar // nil before the first update, and where there is no terminal
}

// progress returns a progress for a step that takes a while; what names it.
func (t *terminal) progress(what string) *progress {
	return &progress{term: t, what: what}
}

// update shows that done of total units are done. Where the total of the first update is not
// positive it stays unknown.
func (p *progress) update(done, total int64) {
	if !p.term.err.terminal || p.term.quiet {
		return
	}
	if p.bar == nil {
		if total <= 0 {
			total = -1
		}
		p.bar = progressbar.NewOptions64(total,
			progressbar.OptionSetWriter(p.term.err.Writer),
			progressbar.OptionSetDescription(p.what),
			progressbar.OptionThrottle(100*time.Millisecond),
			progressbar.OptionShowCount(),
			progressbar.OptionClearOnFinish(),
		)
	}
	_ = p.bar.Set64(done)
}

// close erases the bar, however far it came.
func (p *progress) close() {
	if p.bar != nil {
		_ = p.bar.Finish()
	}
}
