package main

import (
	"sync"

	"github.com/seedkit/seedkit/apply"
	"github.com/seedkit/seedkit/extract"
	"github.com/seedkit/seedkit/generate"
)

// stageBars shows the progress of a verb that works in stages, one after the other.
type stageBars struct {
	term *terminal

	mu    sync.Mutex
	stage string
	bar   *progress
}

func (s *stageBars) show(stage string, unit unit, done, total int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.bar == nil || s.stage != stage {
		s.end()
		s.stage, s.bar = stage, s.term.progress(stage, unit)
	}
	s.bar.update(done, total)
}

// close erases what is shown. Another stage may follow.
func (s *stageBars) close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.end()
}

func (s *stageBars) end() {
	if s.bar != nil {
		s.bar.close()
		s.bar = nil
	}
}

// update, extracted and generated are the Progress of the verbs' options.

func (s *stageBars) update(p apply.Progress) {
	unit := tablesDone
	switch p.Stage {
	case apply.Copying, apply.Comparing, apply.Restoring:
		unit = pagesDone
	}
	s.show(string(p.Stage), unit, p.Done, p.Total)
}

func (s *stageBars) extracted(p extract.Progress) {
	unit := rowsDone
	switch p.Stage {
	case extract.Reading, extract.Replaying:
		unit = bytesDone
	}
	s.show(string(p.Stage), unit, p.Done, p.Total)
}

func (s *stageBars) generated(p generate.Progress) {
	s.show(string(p.Stage), rowsDone, p.Done, p.Total)
}
