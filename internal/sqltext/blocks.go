package sqltext

import "bytes"

// LiftSize is how long a buffer for [Splitter.Lift] should be: of a longer one
// it uses no more.
const LiftSize = bufferSize

// Lift moves text that is ahead to buf, for others to look at while the
// Splitter reads on: as much as buf holds, up to the last line that starts so,
// where a statement may begin, or a string go on; or up to the end of the
// script. It is none where there is no such line, or text that was given back
// is not yet read again.
//
// What is lifted is either passed, each text in turn, by [Splitter.Pass], or
// given back, from the first byte that is not passed on, by [Splitter.Restore].
// Until then no other method is to be called. Once it has lifted none, it lifts
// none again before that.
func (s *Splitter) Lift(buf, start []byte) []byte {
	if len(s.restored) > 0 {
		return nil
	}
	buf = buf[:min(len(buf), len(s.buf))] // which what is not lifted fits into
	n := copy(buf, s.window())
	if n < s.end-s.start {
		text := buf[:lastLine(buf, start)]
		s.start += len(text)
		return text
	}
	for n < len(buf) && !s.ended {
		n += s.read(buf[n:])
	}
	text := buf[:n]
	if !s.ended {
		text = buf[:lastLine(text, start)]
	}
	s.start, s.end = 0, copy(s.buf, buf[len(text):n])
	return text
}

// lastLine is the offset of the last line but the first that starts so; else 0.
func lastLine(text, start []byte) int {
	for i := len(text); i > 0; {
		if i = lastNewline(text[:i]); bytes.HasPrefix(text[i+1:], start) {
			return i + 1
		}
	}
	return 0
}

// lastNewline is bytes.LastIndexByte, but faster on long lines.
func lastNewline(text []byte) int {
	const piece = 1 << 10
	i := len(text)
	for i > piece && bytes.IndexByte(text[i-piece:i], '\n') < 0 {
		i -= piece
	}
	return bytes.LastIndexByte(text[:i], '\n')
}

// Pass notes that all of a text that was lifted, or its first bytes, have been
// dealt with. It may be called while Lift is at work, and shares nothing with
// that.
func (s *Splitter) Pass(text []byte) { s.pos = s.pos.After(text) }

// Restore puts texts that were lifted, or their ends, back before what is
// ahead. They are to stay as they are until Lift gives more.
func (s *Splitter) Restore(texts ...[]byte) {
	if len(texts) == 0 {
		return
	}
	s.restoredWindow = append(s.restoredWindow[:0], s.window()...)
	s.restored = append(append(s.restored, texts...), s.restoredWindow)
	s.start, s.end, s.ended = 0, 0, false
}

// readRestored reads text that was given back.
func (s *Splitter) readRestored(p []byte) int {
	n := copy(p, s.restored[0])
	s.restored[0] = s.restored[0][n:]
	if len(s.restored[0]) == 0 {
		s.restored = s.restored[1:]
	}
	if len(s.restored) == 0 {
		s.ended = s.exhausted
	}
	return n
}
