package goprogram

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestOutput gives goOutput what the go command writes, in pieces of a few bytes.
func TestOutput(t *testing.T) {
	const output = `go: downloading example.com/dependency v1.0.0
# example.com/app/seed
./main.go:12:5: undefined: foo
../lib/lib.go:3:1: syntax error: non-declaration statement outside function body
./main.go:14:2: not enough arguments in call to bar
	have ()
	want (int)
./b.go:3:6: main redeclared in this block
	./main.go:8:6: other declaration of main
/usr/lib/go/src/a.go:1:2: elsewhere
go: updates to go.mod needed; to update it:
	go mod tidy
go: errors parsing ../go.mod:
../go.mod:4: unknown directive: requier
without an end`
	want := []string{
		"app/seed/main.go:12:5: undefined: foo",
		"app/lib/lib.go:3:1: syntax error: non-declaration statement outside function body",
		"app/seed/main.go:14:2: not enough arguments in call to bar have () want (int)",
		"app/seed/b.go:3:6: main redeclared in this block " +
			"app/seed/main.go:8:6: other declaration of main",
		"/usr/lib/go/src/a.go:1:2: elsewhere",
		"go: updates to go.mod needed; to update it: go -C app/seed mod tidy",
		"go: errors parsing ../go.mod:",
		"app/go.mod:4: unknown directive: requier",
		"without an end",
	}
	var said []string
	o := &goOutput{dir: "app/seed", say: func(line string) { said = append(said, line) }}
	for text := []byte(output); len(text) > 0; text = text[min(len(text), 7):] {
		if _, err := o.Write(text[:min(len(text), 7)]); err != nil {
			t.Fatal(err)
		}
	}
	o.end()
	if diff := cmp.Diff(want, o.problems); diff != "" {
		t.Error(diff)
	}
	downloads := []string{"go: downloading example.com/dependency v1.0.0"}
	if diff := cmp.Diff(downloads, said); diff != "" {
		t.Error(diff)
	}
}
