package timeform

import (
	"fmt"
	"strings"
)

// Choice is what somebody wants times to be: the zero Choice leaves it to the
// rows that are there.
type Choice struct {
	Keep  bool // as they are
	Asked Form // the zero Form if no form is asked for
}

var named = []struct {
	name string
	Form
}{{"unix-ms", UnixMilli}, {"unix", Unix}, {"iso", ISO}, {"iso-z", ISOZ}, {"sql", SQL}}

// Choices lists the names of all choices: auto, keep, and the forms that have
// names.
func Choices() []string {
	names := []string{"auto", "keep"}
	for _, form := range named {
		names = append(names, form.name)
	}
	return names
}

// ParseChoice returns the choice of that name; the empty name means auto.
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
