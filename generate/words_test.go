package generate

import (
	"testing"

	"github.com/brianvoe/gofakeit/v6"
	"github.com/google/go-cmp/cmp"

	"github.com/seedkit/seedkit/internal/chance"
)

// TestWords compares the words that this package draws with those of gofakeit for the same stream,
// and the places in the stream after them.
func TestWords(t *testing.T) {
	tests := []struct {
		name  string
		own   func(s *chance.Stream, n int) string
		fakes func(f *gofakeit.Faker, n int) string
	}{
		{"first name", func(s *chance.Stream, _ int) string { return sample(s, firstNames) },
			func(f *gofakeit.Faker, _ int) string { return f.FirstName() }},
		{"last name", func(s *chance.Stream, _ int) string { return sample(s, lastNames) },
			func(f *gofakeit.Faker, _ int) string { return f.LastName() }},
		{"word", func(s *chance.Stream, _ int) string { return sampleWords(s, loremWords, 1) },
			func(f *gofakeit.Faker, _ int) string { return f.LoremIpsumWord() }},
		{"noun", func(s *chance.Stream, _ int) string { return sample(s, commonNouns) },
			func(f *gofakeit.Faker, _ int) string { return f.NounCommon() }},
		{"product", func(s *chance.Stream, _ int) string { return productName(s) },
			func(f *gofakeit.Faker, _ int) string { return f.ProductName() }},
		{"UUID", func(s *chance.Stream, _ int) string { return randomUUID(s) },
			func(f *gofakeit.Faker, _ int) string { return f.UUID() }},
		{"sentence", sentence,
			func(f *gofakeit.Faker, n int) string { return f.LoremIpsumSentence(n) }},
		{"paragraphs", paragraphs, func(f *gofakeit.Faker, n int) string {
			return f.LoremIpsumParagraph(n, 4, 9, "\n\n")
		}},
	}
	for _, test := range tests {
		own, theirs := chance.New(1), chance.New(1)
		faker := gofakeit.NewCustom(&theirs)
		for i := range 2000 {
			got, want := test.own(&own, i%12), test.fakes(faker, i%12)
			if diff := cmp.Diff(want, got); diff != "" {
				t.Fatalf("%s %d (-want +got):\n%s", test.name, i, diff)
			}
		}
		if own != theirs {
			t.Errorf("%s: gofakeit draws another number of random numbers", test.name)
		}
	}
}
