package timeform

import (
	"fmt"
	"strings"
)

// Choice says in which form a user wants times. The zero Choice means the form of the rows that the
// target has.
type Choice struct {
	Keep  bool // Times stay as they are.
	Asked Form // The form that all times get; the zero Form means no such wish.
}

var named = []struct {
	name string
	Form
}{{"unix-ms", UnixMilli}, {"unix", Unix}, {"iso", ISO}, {"iso-z", ISOZ}, {"sql", SQL}}

// Choices lists the names of all choices: auto, keep, and the named forms.
func Choices() []string {
	names := []string{"auto", "keep"}
	for _, form := range named {
		names = append(names, form.name)
	}
	return names
}

// ParseChoice returns the choice with the given name. The empty name means auto.
func ParseChoice(name string) (Choice, error) {
	switch name {
	case "", "auto":
		return Choice{}, nil
	case "keep":
		return Choice{Keep: true}, nil
	}
	for _, form := range named {
		if form.name == name {
			return Choice{Asked: form.Form}, nil
		}
	}
	return Choice{}, fmt.Errorf("unknown datetime format %q: there are %s",
		name, strings.Join(Choices(), ", "))
}
