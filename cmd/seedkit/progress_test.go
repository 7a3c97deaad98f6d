package main

import (
	"testing"
	"time"
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

func TestProgressLine(t *testing.T) {
	tests := []struct {
		unit        unit
		spent       time.Duration
		done, total int64
		want        string
	}{
		{rowsDone, 10 * time.Second, 1000, 9000, "step  11%  1000 of 9000 rows  1m20s left"},
		{rowsDone, 10 * time.Second, 0, 9000, "step  0%  0 of 9000 rows  10s"},
		{rowsDone, 10 * time.Second, 9001, 9000, "step  100%  9001 of 9000 rows  0s left"},
		{bytesDone, 4 * time.Second, 500_000, 2_000_000, "step  25%  0.5 of 2.0 MB  12s left"},
		{bytesDone, 4 * time.Second, 1_234_567, 0, "step  1.2 MB  4s"},
		{tablesDone, 4 * time.Second, 3, 4, "step  75%  3 of 4 tables  4s"},
		{tablesDone, 4 * time.Second, 0, 0, "step  4s"},
	}
	for _, tt := range tests {
		p := &progress{what: "step", unit: tt.unit}
		if got := p.line(tt.spent, tt.done, tt.total); got != tt.want {
			t.Errorf("got %q, want %q", got, tt.want)
		}
	}
}
