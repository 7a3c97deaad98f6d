package command

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestIsWorthShowing(t *testing.T) {
	const ms = time.Millisecond
	tests := []struct {
		title            string
		verb, step, left time.Duration
		want             bool
	}{
		{"at once", 0, 0, time.Hour, false},
		{"after a second, for two more", 1000 * ms, 300 * ms, 2000 * ms, true},
		{"after a second, but soon done", 5000 * ms, 5000 * ms, 1900 * ms, false},
		{"before a second", 900 * ms, 900 * ms, time.Hour, false},
		{"nobody knows how long, a second ago", 1000 * ms, 1000 * ms, -1, true},
		{"nobody knows how long, just begun", 5000 * ms, 900 * ms, -1, false},
	}
	for _, tt := range tests {
		if got := isWorthShowing(tt.verb, tt.step, tt.left); got != tt.want {
			t.Errorf("%s: got %t, want %t", tt.title, got, tt.want)
		}
	}
}

// drawing runs draw and returns the lines that a terminal shows. Time passes only while draw
// sleeps.
func drawing(t *testing.T, draw func(*stageBars)) []string {
	t.Helper()
	var text strings.Builder
	synctest.Test(t, func(*testing.T) {
		stderr := &stream{Writer: &text, terminal: true}
		p := &stageBars{term: &terminal{out: &stream{}, err: stderr, started: time.Now()}}
		draw(p)
		p.close()
		time.Sleep(time.Second) // lets the goroutine that draws end
	})
	if !strings.HasSuffix("\r\x1b[K"+text.String(), "\r\x1b[K") {
		t.Errorf("the line is not erased: %q", text.String())
	}
	return lines(text.String())
}

// lines returns the lines that text draws on a terminal, one after the other. Redrawing the same
// line counts once.
func lines(text string) []string {
	var got []string
	for _, escape := range []string{"\x1b[?7l", "\x1b[?7h", "\x1b[0K", "\x1b[K"} {
		text = strings.ReplaceAll(text, escape, "")
	}
	for line := range strings.SplitSeq(text, "\r") {
		line = strings.TrimRight(line, " ")
		if line != "" && (len(got) == 0 || got[len(got)-1] != line) {
			got = append(got, line)
		}
	}
	return got
}

func TestProgressLine(t *testing.T) {
	tests := []struct {
		unit               string
		spent              time.Duration
		first, done, total int64
		want               string
	}{
		{rowsDone, 10 * time.Second, 0, 1000, 9000,
			"step rows  11% |█         | (1000/9000) [10s:1m20s]"},
		{rowsDone, 10 * time.Second, 0, 0, 9000, "step rows   0% |          | (0/9000) [10s]"},
		{rowsDone, 10 * time.Second, 0, 9001, 9000, "step rows 100% |██████████| (9001/9000)"},
		{bytesDone, 4 * time.Second, 0, 500_000, 2_000_000,
			"step bytes  25% |██        | (500.0 kB/2.0 MB, 122.0 kB/s) [4s:12s]"},
		{bytesDone, 4 * time.Second, 1, 1_200_001, 0, "/ step bytes (1.2 MB, 292.7 kB/s) [4s]"},
		{tablesDone, 4 * time.Second, 0, 3, 4, "step tables  75% |███████   | (3/4) [4s]"},
		{tablesDone, 4 * time.Second, 0, 0, 0, "/ step [4s]"},
	}
	for _, tt := range tests {
		got := drawing(t, func(p *stageBars) {
			p.show("step", tt.unit, tt.first, tt.total)
			time.Sleep(tt.spent)
			p.show("step", tt.unit, tt.done, tt.total)
			time.Sleep(150 * time.Millisecond)
		})
		if len(got) == 0 || got[len(got)-1] != tt.want {
			t.Errorf("got %q, want the last to be %q", got, tt.want)
		}
	}
}

// TestProgressOfStages checks that a stage counts from its own start.
func TestProgressOfStages(t *testing.T) {
	got := drawing(t, func(p *stageBars) {
		for _, at := range []struct {
			stage       string
			done, total int64
			sleep       time.Duration
		}{
			{"reading", 0, 100, 1050 * time.Millisecond},
			{"reading", 100, 100, time.Second},
			{"reading", 1, 50, 250 * time.Millisecond}, // again
			{"replaying", 0, 0, 1050 * time.Millisecond},
			{"replaying", 1, 10, 200 * time.Millisecond},
			{"comparing", 9, 10, 10 * time.Second},
			{"comparing", 10, 10, time.Second},
		} {
			p.show(at.stage, pagesDone, at.done, at.total)
			time.Sleep(at.sleep)
		}
	})
	want := []string{
		"reading pages   0% |          | (0/100) [1s]",
		"reading pages 100% |██████████| (100/100)",
		"reading pages   2% |          | (1/50) [0s:9s]",
		"- replaying [1s]",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("the terminal shows (-want +got):\n%s", diff)
	}
}
