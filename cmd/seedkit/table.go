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

// writeTable writes rows under a header, in aligned columns two spaces apart; numbers stand to
// the right. A row may be shorter than the header, not longer.
func writeTable(w io.Writer, header []string, rows [][]string) error {
	widths := make([]int, len(header))
	numeric := make([]bool, len(header))
	for i := range header {
		widths[i], numeric[i] = measure(header[i], i, rows)
	}
	var b strings.Builder
	for _, row := range append([][]string{header}, rows...) {
		var line strings.Builder
		for i, cell := range row {
			cell = printable(cell)
			padding := strings.Repeat(" ", widths[i]-uniseg.StringWidth(cell))
			if numeric[i] {
				line.WriteString(padding + cell + "  ")
			} else {
				line.WriteString(cell + padding + "  ")
			}
		}
		b.WriteString(strings.TrimRight(line.String(), " ") + "\n")
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// measure returns the width of column i and whether it holds numbers alone.
func measure(title string, i int, rows [][]string) (width int, numeric bool) {
	width = uniseg.StringWidth(printable(title))
	numeric = len(rows) > 0
	for _, row := range rows {
		if i < len(row) {
			width = max(width, uniseg.StringWidth(printable(row[i])))
			numeric = numeric && (row[i] == "" || number.MatchString(row[i]))
		}
	}
	return width, numeric
}

// countRows and countTables put a number before the word.
func countRows(n int) string { return count(n, "row") }

func countTables(n int) string { return count(n, "table") }

func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
