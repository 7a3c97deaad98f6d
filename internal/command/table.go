package command

import (
	"fmt"
	"io"
	"regexp"
	"strings"

	"github.com/rivo/uniseg"
)

// number matches a cell that is aligned to the right: a count, a share, a size.
var number = regexp.MustCompile(`^[-+]?[0-9][0-9.,]*( ?%| ?[kMGT]?i?B)?$`)

// gap is the number of spaces between two columns.
const gap = 2

// writeTable writes rows under a header, in aligned columns. Numbers are aligned to the right. A
// row may be shorter than the header, but not longer. On a terminal, a cell that is too long for
// the terminal's width continues on the next line of its column. Numbers are never broken.
func writeTable(w io.Writer, header []string, rows [][]string) error {
	columns := make([]column, len(header))
	for i := range header {
		columns[i] = measure(header[i], i, rows)
	}
	if s, ok := w.(*stream); ok && s.width > 0 {
		fit(columns, s.width)
	}
	var b strings.Builder
	writeRow(&b, columns, header, "")
	for _, row := range rows {
		writeRow(&b, columns, row, "  ")
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// A column has the width of its widest cell, or as much of it as fits the terminal.
type column struct {
	width, least int // least is the smallest width that is readable
	numeric      bool
}

// measure returns column i with the width of its widest cell.
func measure(title string, i int, rows [][]string) column {
	const readable = 12
	c := column{width: uniseg.StringWidth(printable(title)), numeric: len(rows) > 0}
	widest := 0
	for _, row := range rows {
		if i < len(row) {
			widest = max(widest, uniseg.StringWidth(printable(row[i])))
			c.numeric = c.numeric && (row[i] == "" || number.MatchString(row[i]))
		}
	}
	c.least = widest
	if !c.numeric {
		c.least = min(readable, max(c.width, widest))
	}
	for _, word := range strings.Fields(title) {
		c.least = max(c.least, uniseg.StringWidth(printable(word)))
	}
	c.width = max(c.width, widest)
	return c
}

// fit narrows the widest columns until the row fits width, but none below its least width.
func fit(columns []column, width int) {
	excess := -gap - width
	for _, c := range columns {
		excess += c.width + gap
	}
	for ; excess > 0; excess-- {
		var widest *column
		for i := range columns {
			if c := &columns[i]; c.width > c.least && (widest == nil || c.width > widest.width) {
				widest = c
			}
		}
		if widest == nil {
			return
		}
		widest.width--
	}
}

// writeRow writes a row, on as many lines as its longest cell needs. Lines after the first begin
// with indent, so that they do not look like rows.
func writeRow(b *strings.Builder, columns []column, row []string, indent string) {
	cells, height := make([][]string, len(row)), 1
	for i, cell := range row {
		cells[i] = folded(printable(cell), columns[i].width, indent)
		height = max(height, len(cells[i]))
	}
	for n := range height {
		var line strings.Builder
		for i, lines := range cells {
			cell := ""
			if n < len(lines) {
				cell = lines[n]
			}
			padding := strings.Repeat(" ", max(0, columns[i].width-uniseg.StringWidth(cell)))
			if columns[i].numeric {
				line.WriteString(padding + cell)
			} else {
				line.WriteString(cell + padding)
			}
			line.WriteString(strings.Repeat(" ", gap))
		}
		b.WriteString(strings.TrimRight(line.String(), " ") + "\n")
	}
}

// folded breaks text into lines of at most width columns: at a space if a line has one, and between
// two letters otherwise. Lines after the first begin with indent.
func folded(text string, width int, indent string) (lines []string) {
	line, columns, space := "", 0, -1
	for letters := uniseg.NewGraphemes(text); letters.Next(); {
		letter := letters.Str()
		if columns+letters.Width() > width && columns > len(indent) {
			rest := ""
			switch {
			case letter == " ":
				letter = ""
			case space > 0:
				line, rest = line[:space], line[space+1:]
			}
			lines = append(lines, line)
			line, space = indent+rest, -1
		} else if letter == " " {
			space = len(line)
		}
		line += letter
		columns = uniseg.StringWidth(line)
	}
	return append(lines, line)
}

func countRows(n int64) string { return count(n, "row") }

func countTables(n int64) string { return count(n, "table") }

func count(n int64, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
