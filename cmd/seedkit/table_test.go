package main

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestWriteTable(t *testing.T) {
	tests := []struct {
		title  string
		header []string
		rows   [][]string
		want   string
	}{
		{"numbers to the right", []string{"table", "rows", "size"}, [][]string{{"User", "6", "1.5 kB"}, {"_RoleToUser", "1,007", "12 kB"}}, `
table         rows    size
User             6  1.5 kB
_RoleToUser  1,007   12 kB
`},
		{"a word makes a column of words", []string{"run", "rows"}, [][]string{{"1", "6"}, {"2", "none"}}, `
run  rows
  1  6
  2  none
`},
		{"an empty cell is no word", []string{"table", "rows"}, [][]string{{"User", ""}, {"Note", "-3"}}, `
table  rows
User
Note     -3
`},
		{"short rows", []string{"table", "rows", "note"}, [][]string{{"User", "6"}}, `
table  rows  note
User      6
`},
		{"wide and combining letters", []string{"name", "x"}, [][]string{{"表格", "a"}, {"e\u0301", "b"}}, `
name  x
表格  a
` + "e\u0301     b\n"},
		{"no line is broken by a name", []string{"table"}, [][]string{{"a\nb\x1b[m"}}, `
table
a\nb\x1b[m
`},
		{"no rows", []string{"table", "rows"}, nil, "\ntable  rows\n"},
	}
	for _, tt := range tests {
		t.Run(tt.title, func(t *testing.T) {
			var got strings.Builder
			if err := writeTable(&got, tt.header, tt.rows); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want[1:], got.String()); diff != "" {
				t.Errorf("table (-want +got):\n%s", diff)
			}
		})
	}
}
