package main

import (
	"fmt"
	"io"
	"regexp"
	"strings"

	"github.com/rivo/uniseg"
)

// number is a cell that is read from the right: a count, a share, a size.
var number = regexp.MustCompile(`^[-+]?[0-9][0-9.,]*( ?%| ?[kMGT]?i?B)?$`)

// gap is how many spaces are between two columns.
const gap = 2

// writeTable writes rows under a header, in aligned columns two spaces apart; numbers are aligned
// to the right. A row may be shorter than the header, not longer. On a terminal, what is too long
// for its width goes on in the next line of the same column; numbers are never broken.
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

// A column has the width of its widest cell, or as much of it as there is room for.
type column struct {
	width, least int // least is the width below which it is no longer readable
	numeric      bool
}

// measure returns column i before it is fitted.
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

// fit takes from the widest columns what the row has too much, as far as they stay readable.
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

// writeRow writes a row, on as many lines as its longest cell takes. Lines after the first begin
// with indent, so that they are not taken for rows.
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

// folded breaks text into lines of at most width columns: at a space if a line has one, else
// between two letters. Lines after the first begin with indent.
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

// countRows and countTables put a number before the word.
func countRows(n int64) string { return count(n, "row") }

func countTables(n int64) string { return count(n, "table") }

func count(n int64, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
