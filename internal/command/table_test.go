package command

import (
	"fmt"
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
		{"numbers to the right", []string{"table", "rows", "size"},
			[][]string{{"User", "6", "1.5 kB"}, {"_RoleToUser", "1,007", "12 kB"}}, `
table         rows    size
User             6  1.5 kB
_RoleToUser  1,007   12 kB
`},
		{"a word makes a column of words", []string{"run", "rows"},
			[][]string{{"1", "6"}, {"2", "none"}}, `
run  rows
  1  6
  2  none
`},
		{"an empty cell is no word", []string{"table", "rows"},
			[][]string{{"User", ""}, {"Note", "-3"}}, `
table  rows
User
Note     -3
`},
		{"short rows", []string{"table", "rows", "note"}, [][]string{{"User", "6"}}, `
table  rows  note
User      6
`},
		{"wide and combining letters", []string{"name", "x"},
			[][]string{{"表格", "a"}, {"e\u0301", "b"}}, `
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

// TestWriteTableFitted checks that a table is no wider than the terminal, and loses no text.
func TestWriteTableFitted(t *testing.T) {
	header := []string{"TABLE", "INSERTS", "IN THE MIGRATIONS ALREADY", ""}
	rows := [][]string{
		{"User", "6"},
		{"organization_membership_invitations", "1007", "16",
			"16 from the schema's scripts, 2 of them fixtures too"},
		{"ein sehr langer Name", "12", "3"},
	}
	tests := []struct {
		width int
		want  string
	}{
		{0, `
TABLE                                INSERTS  IN THE MIGRATIONS ALREADY
User                                       6
organization_membership_invitations     1007                         16  16 from the schema's` +
			` scripts, 2 of them fixtures too
ein sehr langer Name                      12                          3
`},
		{90, `
TABLE                       INSERTS  IN THE MIGRATIONS ALREADY
User                              6
organization_membership_in     1007                         16  16 from the schema's
  vitations                                                       scripts, 2 of them
                                                                  fixtures too
ein sehr langer Name             12                          3
`},
		{50, `
TABLE         INSERTS        IN THE
                         MIGRATIONS
                            ALREADY
User                6
organization     1007            16  16 from the
  _membershi                           schema's
  p_invitati                           scripts, 2
  ons                                  of them
                                       fixtures
                                       too
ein sehr           12             3
  langer
  Name
`},
	}
	for _, tt := range tests {
		t.Run(fmt.Sprint(tt.width), func(t *testing.T) {
			var got strings.Builder
			if err := writeTable(&stream{Writer: &got, width: tt.width}, header, rows); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want[1:], got.String()); diff != "" {
				t.Errorf("table (-want +got):\n%s", diff)
			}
		})
	}
}

func TestFolded(t *testing.T) {
	tests := []struct {
		text  string
		width int
		want  []string
	}{
		{"", 12, []string{""}},
		{"exactly here", 12, []string{"exactly here"}},
		{"broken here, at spaces", 12, []string{"broken here,", "  at spaces"}},
		{"a space comes first", 7, []string{"a space", "  comes", "  first"}},
		{"one_word_without_any", 8, []string{"one_word", "  _witho", "  ut_any"}},
		{"表格表格表格表格", 7, []string{"表格表", "  格表", "  格表", "  格"}},
		{"e\u0301e\u0301e\u0301e\u0301", 3, []string{"e\u0301e\u0301e\u0301", "  e\u0301"}},
	}
	for _, tt := range tests {
		got := folded(tt.text, tt.width, "  ")
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("folded(%q, %d) (-want +got):\n%s", tt.text, tt.width, diff)
		}
	}
}
