package command

import (
	"bytes"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/schollz/progressbar/v3"
)

// stageBars shows the progress of a verb, with a bar for each stage. The library draws the bars,
// and Write shows them.
type stageBars struct {
	term *terminal

	mu          sync.Mutex
	bar         *progressbar.ProgressBar // nil if no stage has a bar
	stage       stage
	begun       time.Time
	done, total atomic.Int64
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
	if b.bar == nil || b.stage != stage || done < b.done.Load() {
		b.end()
		b.begin(stage)
	}
	b.done.Store(done)
	if b.total.Swap(total) != total {
		b.bar.ChangeMax64(total)
	}
	_ = b.bar.Set64(done)
}

// showsProgress reports whether anybody can see a progress.
func (t *terminal) showsProgress() bool {
	return t.err.terminal && !t.quiet && !(t.printing && t.out.terminal)
}

// close erases the bar that is shown. Another stage may follow.
func (b *stageBars) close() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.end()
}

func (b *stageBars) begin(stage stage) {
	b.stage, b.begun = stage, time.Now()
	b.total.Store(0)
	options := []progressbar.Option{
		progressbar.OptionSetWriter(b),
		progressbar.OptionSetDescription(stage.name),
		progressbar.OptionSetWidth(10), // leaves room for the numbers in 80 columns
		progressbar.OptionThrottle(100 * time.Millisecond),
		progressbar.OptionUseANSICodes(true),
		progressbar.OptionSetPredictTime(stage.unit != tablesDone),
		progressbar.OptionShowTotalBytes(stage.bounded),
		progressbar.OptionShowBytes(stage.unit == bytesDone),
	}
	if stage.unit != "" {
		options = append(options, progressbar.OptionShowCount(),
			progressbar.OptionSetDescription(stage.name+" "+stage.unit))
	}
	// The library redraws a bar that is made without a total between updates, too.
	b.bar = progressbar.NewOptions64(-1, options...)
	b.bar.StartWithoutRender()
}

func (b *stageBars) end() {
	if b.bar == nil {
		return
	}
	b.done.Store(ended)
	b.term.err.mu.Lock()
	b.term.err.uncover()
	b.term.err.mu.Unlock()
	_ = b.bar.Finish()
	b.bar = nil
}

// ended is the value of done after the stage's bar was erased. The library draws a full bar last,
// which must not appear.
const ended = -1

// Write shows what the library draws, as soon as it is worth showing. The terminal cuts off a line
// that is too long.
func (b *stageBars) Write(line []byte) (int, error) {
	s := b.term.err
	s.mu.Lock()
	defer s.mu.Unlock()
	left := b.left()
	worth := s.covered || isWorthShowing(time.Since(b.term.started), time.Since(b.begun), left)
	if !worth || b.done.Load() == ended {
		return len(line), nil
	}
	shown := line
	if left < 0 { // the library would say that no time is left
		shown = bytes.Replace(line, []byte(":0s]"), []byte("]"), 1)
	}
	const noWrap, wrap = "\x1b[?7l", "\x1b[?7h"
	s.covered = true
	_, err := fmt.Fprintf(s.Writer, "%s%s%s", noWrap, shown, wrap)
	return len(line), err
}

// left estimates how long the stage will still take. It is negative if that is unknown: how long
// one table takes says nothing about the next.
func (b *stageBars) left() time.Duration {
	const enough = 200 * time.Millisecond // for an estimate
	done, total, spent := b.done.Load(), b.total.Load(), time.Since(b.begun)
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
