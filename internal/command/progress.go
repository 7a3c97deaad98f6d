package command

import (
	"fmt"
	"strings"
	"sync"
	"time"
)

// stageBars shows the progress of a verb, with a bar for each stage.
type stageBars struct {
	term *terminal

	mu          sync.Mutex
	stage       stage
	begun       time.Time
	done, total int64
	end         chan struct{} // closed at the end of the stage; nil if there is no stage
}

// A stage is what a bar describes.
type stage struct {
	name, unit string // unit is "" where nothing is counted
	bounded    bool   // the total is known
}

// show records that done of total units are done. total is 0 if it is unknown.
func (b *stageBars) show(name, unit string, done, total int64) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if !b.term.showsProgress() {
		return
	}
	if done == 0 && total == 0 {
		unit = ""
	}
	stage := stage{name, unit, total > 0}
	if b.end == nil || b.stage != stage || done < b.done {
		b.finish()
		b.stage, b.begun, b.end = stage, time.Now(), make(chan struct{})
		go b.draw(b.end)
	}
	b.done, b.total = done, total
}

// showsProgress reports whether anybody can see a progress.
func (t *terminal) showsProgress() bool {
	return t.err.terminal && !t.quiet && !(t.printing && t.out.terminal)
}

// close erases the bar that is shown. Another stage may follow.
func (b *stageBars) close() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.finish()
}

func (b *stageBars) finish() {
	if b.end == nil {
		return
	}
	close(b.end)
	b.end = nil
	b.term.err.mu.Lock()
	defer b.term.err.mu.Unlock()
	b.term.err.uncover()
}

// draw draws the bar of a stage, again and again until the stage ends.
func (b *stageBars) draw(end chan struct{}) {
	ticker := time.NewTicker(100 * time.Millisecond)
	defer ticker.Stop()
	for {
		select {
		case <-end:
			return
		case <-ticker.C:
			b.mu.Lock()
			if b.end == end {
				b.drawOnce()
			}
			b.mu.Unlock()
		}
	}
}

// drawOnce draws the bar if it is worth showing. The terminal cuts off a line that is too long.
func (b *stageBars) drawOnce() {
	s := b.term.err
	s.mu.Lock()
	defer s.mu.Unlock()
	verb, stage := time.Since(b.term.started), time.Since(b.begun)
	if s.covered || isWorthShowing(verb, stage, b.left()) {
		const noWrap, wrap = "\x1b[?7l", "\x1b[?7h"
		fmt.Fprintf(s.Writer, "\r%s%s\x1b[K%s", noWrap, b.line(), wrap)
		s.covered = true
	}
}

// line is the bar as text: "inserting rows  11% |█         | (1000/9000) [10s:1m20s]".
func (b *stageBars) line() string {
	const width = 10 // leaves room for the numbers in 80 columns
	spent := time.Since(b.begun)
	line := strings.TrimSpace(b.stage.name + " " + b.stage.unit)
	if b.stage.bounded {
		share := min(float64(b.done)/float64(b.total), 1)
		bar := strings.Repeat("█", int(share*width))
		line += fmt.Sprintf(" %3d%% |%-*s|", int(share*100), width, bar)
	} else {
		const turning = `|/-\`
		line = string(turning[spent/(100*time.Millisecond)%4]) + " " + line
	}
	if b.stage.unit != "" {
		line += " (" + b.counts(spent) + ")"
	}
	if b.stage.bounded && b.done >= b.total {
		return line
	}
	times := spent.Truncate(time.Second).String()
	if left := b.left(); left >= 0 {
		times += ":" + left.Truncate(time.Second).String()
	}
	return line + " [" + times + "]"
}

// counts says how much is done, of how much if that is known, and how fast bytes are done.
func (b *stageBars) counts(spent time.Duration) string {
	text, speed := func(n int64) string { return fmt.Sprint(n) }, ""
	if b.stage.unit == bytesDone {
		text = byteCount
		speed = ", " + text(int64(float64(b.done)/max(spent.Seconds(), 0.001))) + "/s"
	}
	if !b.stage.bounded {
		return text(b.done) + speed
	}
	return text(b.done) + "/" + text(b.total) + speed
}

// left estimates how long the stage will still take. It is negative if that is unknown: how long
// one table takes says nothing about the next.
func (b *stageBars) left() time.Duration {
	const enough = 200 * time.Millisecond // for an estimate
	done, total, spent := b.done, b.total, time.Since(b.begun)
	if total <= 0 || done <= 0 || spent < enough || b.stage.unit == tablesDone {
		return -1
	}
	return time.Duration(float64(spent) * float64(max(total-done, 0)) / float64(done))
}

// patience is how long a verb works before it shows its progress.
const patience = time.Second

// isWorthShowing reports whether a user who waits would miss a progress. verb and stage are the
// times that the verb and the stage have taken so far. left is an estimate of the stage's remaining
// time, or negative if that is unknown. left must be twice as long as patience, because the
// estimate may be wrong and a bar must not appear for a moment only.
func isWorthShowing(verb, stage, left time.Duration) bool {
	if left < 0 {
		return stage >= patience
	}
	return verb >= patience && left >= 2*patience
}
