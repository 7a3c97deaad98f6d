package generate

import "time"

// A generator is a method of [Fake] as files of fixtures name it: $fullName is FullName.
type generator struct {
	name   string
	params []param
	doc    string // one line, without a full stop
	call   func(f *Fake, args []any) any
}

// generators lists every method of Fake, except for Cell and Parent, which files write as the names
// of columns.
var generators = []generator{
	{"fullName", nil, "a first and a last name",
		func(f *Fake, _ []any) any { return f.FullName() }},
	{"firstName", nil, "a first name",
		func(f *Fake, _ []any) any { return f.FirstName() }},
	{"lastName", nil, "a last name",
		func(f *Fake, _ []any) any { return f.LastName() }},
	{"username", nil, "a user name of a-z, 0-9 and _, hardly ever the same twice",
		func(f *Fake, _ []any) any { return f.Username() }},
	{"usernameOf", []param{of("name", aText)}, "a user name from a person's name",
		func(f *Fake, a []any) any { return f.UsernameOf(a[0].(string)) }},
	{"email", nil, "an address at example.com, hardly ever the same twice",
		func(f *Fake, _ []any) any { return f.Email() }},
	{"words", []param{of("n", anInt)}, "n words of lorem ipsum",
		func(f *Fake, a []any) any { return f.Words(a[0].(int)) }},
	{"sentence", []param{of("words", anInt)}, "a sentence of lorem ipsum with that many words",
		func(f *Fake, a []any) any { return f.Sentence(a[0].(int)) }},
	{"paragraphs", []param{of("n", anInt)}, "n paragraphs of lorem ipsum, with empty lines between",
		func(f *Fake, a []any) any { return f.Paragraphs(a[0].(int)) }},
	{"int", []param{of("least", anInt), of("greatest", anInt)},
		"a whole number from least to greatest",
		func(f *Fake, a []any) any { return f.Int(a[0].(int), a[1].(int)) }},
	{"float", []param{of("least", aFloat), of("greatest", aFloat)},
		"a number from least to greatest with at most two decimals",
		func(f *Fake, a []any) any { return f.Float(a[0].(float64), a[1].(float64)) }},
	{"bool", nil, "true or false, each as often",
		func(f *Fake, _ []any) any { return f.Bool() }},
	{"pick", []param{{name: "values…", convert: aValue, plain: true, passes: true}},
		"one of the values, each as often; value * 3 counts as three values",
		func(f *Fake, a []any) any { return f.Pick(a...) }},
	{"pickSome", []param{of("n", anInt), {name: "values…", convert: aValue, isPart: true}},
		"n of the values as a list of JSON, none of them twice",
		func(f *Fake, a []any) any { return f.PickSome(a[0].(int), a[1:]...) }},
	{"nth", []param{{name: "values…", convert: aValue, plain: true, passes: true}},
		"the first of the values in the row name#1, the second in name#2, and so on",
		func(f *Fake, a []any) any { return f.Nth(a...) }},
	{"sequence", []param{of("first", anInt), of("step", anInt)},
		"first in the row name#1, first + step in name#2, and so on",
		func(f *Fake, a []any) any { return f.Sequence(a[0].(int), a[1].(int)) }},
	{"maybe", []param{of("probability", aProbability),
		{name: "value", convert: aValue, plain: true, passes: true, later: true}},
		"the value with that probability, such as 0.3, else NULL",
		func(f *Fake, a []any) any { return f.Maybe(a[0].(float64), a[1]) }},
	{"number", nil, "the last number in the row's path: 3 in name#3, 1 without a number",
		func(f *Fake, _ []any) any { return f.Number() }},
	{"uuid", nil, "a random UUID",
		func(f *Fake, _ []any) any { return f.UUID() }},
	{"bcrypt", []param{of("password", aText)}, "the bcrypt hash of a password",
		func(f *Fake, a []any) any { return f.Bcrypt(a[0].(string)) }},
	{"passwordHash", []param{of("password", aText)},
		"the hash of a password as Django, Laravel or Rails has it, else bcrypt",
		func(f *Fake, a []any) any { return f.PasswordHash(a[0].(string)) }},
	{"now", nil, "the time of the clock, which --now sets",
		func(f *Fake, _ []any) any { return f.Now() }},
	{"in", []param{of("duration", aDuration)}, "the time that far after the clock",
		func(f *Fake, a []any) any { return f.In(a[0].(time.Duration)) }},
	{"past", []param{of("from", aDuration), of("to", aDuration)},
		"a time before the clock, at least from and at most to away",
		func(f *Fake, a []any) any { return f.Past(a[0].(time.Duration), a[1].(time.Duration)) }},
	{"future", []param{of("from", aDuration), of("to", aDuration)},
		"a time after the clock, at least from and at most to away",
		func(f *Fake, a []any) any { return f.Future(a[0].(time.Duration), a[1].(time.Duration)) }},
	{"after", []param{of("time", aTime)}, "a time between another time and the clock",
		func(f *Fake, a []any) any { return f.After(a[0]) }},
	{"ref", []param{of("table", aText), of("name", aText)},
		"the key of the fixture with that name; without table, of the table that the column " +
			"refers to",
		func(f *Fake, a []any) any { return f.Ref(a[0].(string), a[1].(string)) }},
}

// A GeneratorDoc describes a generator for files of fixtures.
type GeneratorDoc struct {
	Usage string `json:"usage"` // such as $past(from, to)
	Doc   string `json:"doc"`   // one line
}

// Generators lists the generators for files of fixtures. Each is a method of [Fake].
func Generators() (docs []GeneratorDoc) {
	for i := range generators {
		docs = append(docs, GeneratorDoc{generators[i].usage(), generators[i].doc})
	}
	return docs
}

// of makes a parameter.
func of(name string, convert func(any) (any, error)) param {
	return param{name: name, convert: convert}
}

func findGenerator(name string) *generator {
	for i := range generators {
		if generators[i].name == name {
			return &generators[i]
		}
	}
	return nil
}

// usage returns how a file writes the generator.
func (g *generator) usage() string {
	text := "$" + g.name
	for i, p := range g.params {
		if i == 0 {
			text += "("
		} else {
			text += ", "
		}
		text += p.name
	}
	if len(g.params) > 0 {
		text += ")"
	}
	return text
}
