package document_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seedkit/seedkit/internal/document"
)

func TestCSV(t *testing.T) {
	tests := []struct {
		name, source string
		want         []string
	}{
		{"kinds", "a,1,-2.5,true,null,,~,\"\"\n", []string{
			`[[text "a" 1:1, number "1" 1:3, number "-2.5" 1:5, bool "true" 1:10, ` +
				`text "null" 1:15, null "" 1:20, text "~" 1:21, null "" 1:23]]`,
		}},
		{"columns are characters, and lines are those of the file",
			"ä,\"ö\nü\",x\r\n\r\n\"é\",y\n", []string{
				`[[text "ä" 1:1, text "ö\nü" 1:3, text "x" 2:4], [text "é" 4:1, text "y" 4:5]]`,
			}},
		{"empty", "\n", []string{"1:1: the file is empty"}},
		{"no UTF-8", "a\nb\xff", []string{"2:2: the byte 0xff is no UTF-8"}},
		{"a quote", "a\nb,c\"d\n", []string{`2:4: bare " in non-quoted-field`}},
		{"a quote that is not closed", "a\n\"b\n", []string{`2:4: extraneous or missing " in ` +
			"quoted-field"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got := showAll(readCSV([]byte(test.source), rules))
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// readCSV returns the list of the records in a file. It reads the file twice.
func readCSV(source []byte, rules document.Rules) (*document.Node, []document.Mistake) {
	records, mistakes := document.CSV(source, rules)
	if records == nil {
		return nil, mistakes
	}
	for range records {
	}
	return &document.Node{Kind: document.List, Items: slices.Collect(records)}, mistakes
}
