package main

import (
	"fmt"
	"strings"

	"github.com/sergi/go-diff/diffmatchpatch"
)

// diffContext is how many unchanged lines stand around a change.
const diffContext = 3

// diffLine is a line of either text: ' ' in both, '-' in the old one alone,
// '+' in the new one alone.
type diffLine struct {
	mark byte
	text string
}

// writeDiff prints what changes in a file as a unified diff
// (https://www.gnu.org/software/diffutils/manual/html_node/Detailed-Unified.html),
// in colours on a terminal. It prints nothing if nothing changes.
func (t *terminal) writeDiff(path, before, after string) error {
	lines := diffLines(before, after)
	var b strings.Builder
	for _, h := range hunks(lines) {
		if b.Len() == 0 {
			fmt.Fprintf(&b, "--- %s\n+++ %s\n", path, path)
		}
		b.WriteString(t.paint(t.out, cyan, h.head()) + "\n")
		for _, line := range lines[h.from:h.to] {
			b.WriteString(t.paintDiff(line))
		}
	}
	_, err := t.out.Write([]byte(b.String()))
	return err
}

func (t *terminal) paintDiff(line diffLine) string {
	text, hasEnd := strings.CutSuffix(line.text, "\n")
	text = string(line.mark) + text
	switch line.mark {
	case '-':
		text = t.paint(t.out, red, text)
	case '+':
		text = t.paint(t.out, green, text)
	}
	if !hasEnd {
		text += "\n\\ No newline at end of file"
	}
	return text + "\n"
}

func diffLines(before, after string) []diffLine {
	differ := diffmatchpatch.New()
	differ.DiffTimeout = 0 // a time-out would make the result depend on the machine
	a, b, table := differ.DiffLinesToRunes(before, after)
	marks := map[diffmatchpatch.Operation]byte{
		diffmatchpatch.DiffEqual: ' ', diffmatchpatch.DiffDelete: '-', diffmatchpatch.DiffInsert: '+',
	}
	var lines []diffLine
	for _, d := range differ.DiffCharsToLines(differ.DiffMainRunes(a, b, false), table) {
		for text := range strings.Lines(d.Text) {
			lines = append(lines, diffLine{marks[d.Type], text})
		}
	}
	return lines
}

// hunk is a run of lines around changes: lines[from:to], and where it is in
// the old and the new text.
type hunk struct {
	from, to           int
	oldStart, oldLines int
	newStart, newLines int
}

func hunks(lines []diffLine) []hunk {
	var out []hunk
	oldAt, newAt := 1, 1
	last := -1 // the last line of the open hunk's last change
	for i, line := range lines {
		if line.mark != ' ' {
			if last < 0 || i-last > 2*diffContext {
				from := max(i-diffContext, 0)
				out = append(out, hunk{from: from, oldStart: oldAt - (i - from), newStart: newAt - (i - from)})
			}
			last = i
		}
		if line.mark != '+' {
			oldAt++
		}
		if line.mark != '-' {
			newAt++
		}
		if last >= 0 && i-last <= diffContext {
			out[len(out)-1].to = i + 1
		}
	}
	for i := range out {
		out[i].count(lines)
	}
	return out
}

func (h *hunk) count(lines []diffLine) {
	for _, line := range lines[h.from:h.to] {
		if line.mark != '+' {
			h.oldLines++
		}
		if line.mark != '-' {
			h.newLines++
		}
	}
	// A side without lines is named by the line before it.
	if h.oldLines == 0 {
		h.oldStart--
	}
	if h.newLines == 0 {
		h.newStart--
	}
}

func (h hunk) head() string {
	return fmt.Sprintf("@@ -%d,%d +%d,%d @@", h.oldStart, h.oldLines, h.newStart, h.newLines)
}
