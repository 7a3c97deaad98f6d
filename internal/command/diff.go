package command

import (
	"fmt"
	"strings"

	"github.com/sergi/go-diff/diffmatchpatch"
)

// diffContext is the number of unchanged lines before and after a change.
const diffContext = 3

// A diffLine is a line of either text. Its mark is ' ' if both texts have the line, '-' if only the
// old text has it, and '+' if only the new text has it.
type diffLine struct {
	mark byte
	text string
}

// diffText returns what changes in a file as a unified diff
// (https://www.gnu.org/software/diffutils/manual/html_node/Detailed-Unified.html). On a terminal,
// where no program reads the diff, lines have colours and begin with their numbers: those of the
// old file for removed lines, those of the new file for all others. The diff is empty if nothing
// changes.
func (t *terminal) diffText(path, before, after string) string {
	lines := diffLines(before, after)
	var b strings.Builder
	for _, h := range hunks(lines) {
		if b.Len() == 0 {
			fmt.Fprintf(&b, "--- %s\n+++ %s\n", printable(path), printable(path))
		}
		b.WriteString(t.paint(t.out, cyan, h.head()) + "\n")
		oldAt, newAt := h.oldStart, h.newStart
		for _, line := range lines[h.from:h.to] {
			number := newAt
			if line.mark == '-' {
				number = oldAt
			}
			b.WriteString(t.gutter(number) + t.paintDiff(line))
			oldAt, newAt = line.step(oldAt, newAt)
		}
	}
	return b.String()
}

// gutter returns what precedes a line on a terminal: its number.
func (t *terminal) gutter(number int) string {
	if !t.out.terminal || t.quiet {
		return ""
	}
	return fmt.Sprintf("%6d ", number)
}

// step returns the numbers of the lines after this one.
func (l diffLine) step(oldAt, newAt int) (int, int) {
	if l.mark != '+' {
		oldAt++
	}
	if l.mark != '-' {
		newAt++
	}
	return oldAt, newAt
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
		diffmatchpatch.DiffEqual: ' ', diffmatchpatch.DiffDelete: '-',
		diffmatchpatch.DiffInsert: '+',
	}
	var lines []diffLine
	for _, d := range differ.DiffCharsToLines(differ.DiffMainRunes(a, b, false), table) {
		for text := range strings.Lines(d.Text) {
			lines = append(lines, diffLine{marks[d.Type], text})
		}
	}
	return lines
}

// A hunk is a run of lines around changes, lines[from:to], with its place in the old and in the new
// text.
type hunk struct {
	from, to           int
	oldStart, oldLines int
	newStart, newLines int
}

func hunks(lines []diffLine) []hunk {
	var out []hunk
	oldAt, newAt := 1, 1
	last := -1 // the last changed line of the open hunk
	for i, line := range lines {
		if line.mark != ' ' {
			if last < 0 || i-last > 2*diffContext {
				from := max(i-diffContext, 0)
				out = append(out,
					hunk{from: from, oldStart: oldAt - (i - from), newStart: newAt - (i - from)})
			}
			last = i
		}
		oldAt, newAt = line.step(oldAt, newAt)
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
		h.oldLines, h.newLines = line.step(h.oldLines, h.newLines)
	}
	// The number of a side without lines is that of the line before it.
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
