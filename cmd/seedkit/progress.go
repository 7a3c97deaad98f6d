package main

import (
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// A progress shows how far a step of a verb has come, on a terminal's standard error and nowhere
// else, unless data is printed on the terminal meanwhile. It is drawn some times a second, however
// often it is updated.
type progress struct {
	term  *terminal
	what  string
	unit  unit
	begun time.Time

	done, total atomic.Int64
	stop        func() // nil where nothing is shown
}

// A unit is what a step counts.
type unit string

const (
	rowsDone   unit = "rows"
	pagesDone  unit = "pages"
	tablesDone unit = "tables"
	bytesDone  unit = "MB"
)

// progress returns a progress for a step, which what names.
func (t *terminal) progress(what string, unit unit) *progress {
	p := &progress{term: t, what: what, unit: unit, begun: t.clock.now()}
	if !t.showsProgress() {
		return p
	}
	ticks, stopTicks := t.clock.ticks()
	end := make(chan struct{})
	var drawing sync.WaitGroup
	drawing.Go(func() {
		for {
			select {
			case now := <-ticks:
				p.draw(now)
			case <-end:
				return
			}
		}
	})
	p.stop = sync.OnceFunc(func() {
		close(end)
		drawing.Wait()
		stopTicks()
		t.err.erase()
	})
	return p
}

// showsProgress reports whether there is anybody to see a progress.
func (t *terminal) showsProgress() bool {
	return t.err.terminal && !t.quiet && !(t.printing && t.out.terminal)
}

// update notes that done of total units are done; total is 0 where nobody knows.
func (p *progress) update(done, total int64) {
	p.done.Store(done)
	p.total.Store(total)
}

// close erases what is shown. It may be called more than once.
func (p *progress) close() {
	if p.stop != nil {
		p.stop()
	}
}

// draw shows the progress, once it is worth showing.
func (p *progress) draw(now time.Time) {
	done, total := p.done.Load(), p.total.Load()
	spent := now.Sub(p.begun)
	left := p.left(spent, done, total)
	if p.term.err.isCovered() || isWorthShowing(now.Sub(p.term.started), spent, left) {
		p.term.err.cover(p.line(spent, done, total))
	}
}

// patience is how long a verb works before it shows how far it is.
const patience = time.Second

// isWorthShowing reports whether somebody who waits would miss a progress: the verb has taken a
// while, and the step will take twice as long by an estimate that may be wrong, so that nothing is
// shown for a moment only. left is negative where nobody knows how long the step will take; then
// it counts how long it has taken.
func isWorthShowing(verb, step, left time.Duration) bool {
	if left < 0 {
		return step >= patience
	}
	return verb >= patience && left >= 2*patience
}

// left estimates how long the step will take from now on; it is negative where nobody knows. How
// long a table takes says nothing of the next.
func (p *progress) left(spent time.Duration, done, total int64) time.Duration {
	const enough = 200 * time.Millisecond // to judge by
	if total <= 0 || done <= 0 || spent < enough || p.unit == tablesDone {
		return -1
	}
	return time.Duration(float64(spent) * float64(max(total-done, 0)) / float64(done))
}

// line is the progress in words.
func (p *progress) line(spent time.Duration, done, total int64) string {
	parts := []string{p.what}
	count := func(n int64) string {
		if p.unit == bytesDone {
			return fmt.Sprintf("%.1f", float64(n)/1e6)
		}
		return fmt.Sprint(n)
	}
	switch {
	case total > 0:
		share := 100 * min(done, total) / total
		parts = append(parts, fmt.Sprintf("%d%%  %s of %s %s", share, count(done), count(total), p.unit))
	case done > 0:
		parts = append(parts, fmt.Sprintf("%s %s", count(done), p.unit))
	}
	if left := p.left(spent, done, total); left >= 0 {
		return strings.Join(append(parts, left.Round(time.Second).String()+" left"), "  ")
	}
	return strings.Join(append(parts, spent.Round(time.Second).String()), "  ")
}

// A clock is what progress needs to know of time.
type clock struct {
	now   func() time.Time
	ticks func() (<-chan time.Time, func())
}

var realClock = clock{
	now: time.Now,
	ticks: func() (<-chan time.Time, func()) {
		ticker := time.NewTicker(100 * time.Millisecond)
		return ticker.C, ticker.Stop
	},
}
