package nearest_test

import (
	"testing"

	"github.com/seedkit/seedkit/internal/nearest"
)

func TestNearest(t *testing.T) {
	tests := []struct {
		title      string
		name       string
		candidates []string
		want       string
		wantFound  bool
	}{
		{"one letter replaced", "dry-rum", []string{"to", "dry-run", "yes"}, "dry-run", true},
		{"one letter missing", "aply", []string{"gen", "apply"}, "apply", true},
		{"one letter too many", "dumpp", []string{"dump"}, "dump", true},
		{"neighbours swapped", "udmp", []string{"dump"}, "dump", true},
		{"swapped twice over", "emial", []string{"id", "email", "name"}, "email", true},
		{"case is no mistake", "CREATEDAT", []string{"updatedAt", "createdAt"}, "createdAt", true},
		{"the exact name beats its twin in another case", "Id", []string{"id", "Id"}, "Id", true},
		{"first of equals", "cat", []string{"car", "bat"}, "car", true},
		{"nearer beats earlier", "verify", []string{"verity2", "verify2"}, "verify2", true},
		{"a third of the letters wrong", "abcxyz", []string{"abcdez"}, "abcdez", true},
		{"more than a third wrong", "abwxyz", []string{"abcdez"}, "", false},
		{"one letter is near nothing", "o", []string{"q"}, "", false},
		{"two letters leave no room", "ot", []string{"to"}, "", false},
		{"far from all", "frobnicate", []string{"gen", "dump", "apply"}, "", false},
		{"letters, not bytes", "größe", []string{"grösse", "größen"}, "größen", true},
		{"no candidates", "gen", nil, "", false},
		{"empty name", "", []string{"gen"}, "", false},
	}
	for _, tt := range tests {
		t.Run(tt.title, func(t *testing.T) {
			got, found := nearest.Nearest(tt.name, tt.candidates)
			if got != tt.want || found != tt.wantFound {
				t.Errorf("Nearest(%q, %q) = %q, %v, want %q, %v", tt.name, tt.candidates, got,
					found, tt.want, tt.wantFound)
			}
		})
	}
}
