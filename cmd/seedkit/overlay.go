package main

import (
	"io"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/rivo/uniseg"
)

// An overlay is a text that a terminal shows for a while on the line that is written next. The
// cursor stays on that line.
type overlay struct {
	mu      sync.Mutex
	columns int // of the text that is shown, 0 for none
}

// Write writes to the stream, in place of the overlay if there is one.
func (s *stream) Write(p []byte) (int, error) {
	s.overlay.mu.Lock()
	defer s.overlay.mu.Unlock()
	s.uncover()
	return s.Writer.Write(p)
}

// cover shows text, of which no more than a line, in place of the overlay that was there.
func (s *stream) cover(text string) {
	s.overlay.mu.Lock()
	defer s.overlay.mu.Unlock()
	width := s.width
	if width == 0 {
		width = s.columns
	}
	for text != "" && uniseg.StringWidth(text) >= width {
		_, n := utf8.DecodeLastRuneInString(text)
		text = text[:len(text)-n]
	}
	columns := uniseg.StringWidth(text)
	rest := strings.Repeat(" ", max(0, s.overlay.columns-columns))
	_, _ = io.WriteString(s.Writer, "\r"+text+rest)
	s.overlay.columns = columns + len(rest)
}

// isCovered reports whether there is an overlay.
func (s *stream) isCovered() bool {
	s.overlay.mu.Lock()
	defer s.overlay.mu.Unlock()
	return s.overlay.columns > 0
}

// erase takes the overlay away.
func (s *stream) erase() {
	s.overlay.mu.Lock()
	defer s.overlay.mu.Unlock()
	s.uncover()
}

func (s *stream) uncover() {
	if n := s.overlay.columns; n > 0 {
		_, _ = io.WriteString(s.Writer, "\r"+strings.Repeat(" ", n)+"\r")
		s.overlay.columns = 0
	}
}
