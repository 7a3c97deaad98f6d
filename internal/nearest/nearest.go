// Package nearest finds the name that a misspelled name most likely means.
package nearest

import (
	"slices"
	"strings"
)

// DidYouMean returns " (did you mean X?)" for the candidate that name most likely means, and ""
// if there is none.
func DidYouMean(name string, candidates []string) string {
	if near, ok := Nearest(name, candidates); ok {
		return " (did you mean " + near + "?)"
	}
	return ""
}

// Nearest returns the candidate that name most likely means, and whether there is one.
//
// The distance is the number of letters to insert, delete, replace or swap with a neighbor (optimal
// string alignment), ignoring case. A candidate is near if at most a third of its letters, or of
// the letters of name if name is longer, are wrong: "dry-rum" is near "dry-run", "o" is near
// nothing. Of equally near candidates the first wins, so the answer depends on the order of
// candidates. A candidate equal to name is always the nearest.
func Nearest(name string, candidates []string) (string, bool) {
	if slices.Contains(candidates, name) {
		return name, true
	}
	const lettersPerMistake = 3
	wanted := []rune(strings.ToLower(name))
	best, found, bestDistance := "", false, 0
	for _, candidate := range candidates {
		letters := []rune(strings.ToLower(candidate))
		d := distance(wanted, letters)
		if d*lettersPerMistake > max(len(wanted), len(letters)) || found && d >= bestDistance {
			continue
		}
		best, found, bestDistance = candidate, true, d
	}
	return best, found
}

// distance is the optimal string alignment distance of a and b. It keeps three rows of the matrix
// because a swap looks two rows back.
func distance(a, b []rune) int {
	beforeLast, last, row := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range a {
		beforeLast, last, row = last, row, beforeLast
		row[0] = i + 1
		for j := range b {
			replace := last[j]
			if a[i] != b[j] {
				replace++
			}
			row[j+1] = min(replace, last[j+1]+1, row[j]+1)
			if i > 0 && j > 0 && a[i] == b[j-1] && a[i-1] == b[j] {
				row[j+1] = min(row[j+1], beforeLast[j-1]+1)
			}
		}
	}
	return row[len(b)]
}
