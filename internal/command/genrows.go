package command

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/seedkit/seedkit/generate"
)

// parseRows reads the values of gen's flag --rows, such as User=20 and *=20.
func parseRows(texts []string) (rows []generate.Rows, err error) {
	for _, text := range texts {
		at := strings.LastIndex(text, "=")
		if at <= 0 {
			return nil, usagef("--rows %s: want a table and a number, such as User=20", text)
		}
		n, err := strconv.Atoi(strings.TrimSpace(text[at+1:]))
		if err != nil || n < 0 {
			return nil, usagef("--rows %s: want a number of rows after =", text)
		}
		rows = append(rows, generate.Rows{Table: text[:at], N: n})
	}
	return rows, nil
}

// leftOut names what got no rows, with the reasons. Tables with one reason are one line.
func leftOut(all []generate.LeftOut) (lines []string) {
	tables := map[string][]string{} // by reason
	for _, l := range all {
		if l.Path == "" {
			tables[l.Why] = append(tables[l.Why], l.Table)
		}
	}
	for _, l := range all {
		switch {
		case l.Path == "" && l.Table == tables[l.Why][0]:
			lines = append(lines, fmt.Sprintf("no rows of %s: %s",
				listed("and", tables[l.Why]), l.Why))
		case l.Path != "" && l.Rows == 1:
			lines = append(lines, fmt.Sprintf("left out %s: %s", l.Path, l.Why))
		case l.Path != "":
			lines = append(lines, fmt.Sprintf("left out %s and %s after it: %s", l.Path,
				countRows(l.Rows-1), l.Why))
		}
	}
	return lines
}
