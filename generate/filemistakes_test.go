package generate_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seedkit/seedkit/generate"
)

// fileMistakes returns the mistakes in files, each with its place.
func fileMistakes(t *testing.T, schema string, byName map[string]string) (lines []string) {
	t.Helper()
	dir := fixtureFiles(t, byName)
	sets, err := generate.ReadSets(dir)
	if err != nil {
		t.Fatal(err)
	}
	opts := generate.Options{SchemaSQL: schema, Sets: sets}
	for _, m := range fixtureErrors(t, opts) {
		lines = append(lines, strings.TrimPrefix(m.Error(), dir+string(filepath.Separator)))
	}
	return lines
}

func TestFileMistakes(t *testing.T) {
	const long = "; a text that begins with a dollar begins with $$"
	tests := []struct {
		name string
		row  string // of User/kody, from line 3 and column 5
		want []string
	}{
		{"column", "emial: x", []string{"3:5: User/kody: table User has no column \"emial\", " +
			"and there is no table emial (did you mean email?)"}},
		{"table", "Rle: [admin]", []string{"3:5: User/kody: table User has no column \"Rle\", " +
			"and there is no table Rle (did you mean Role?)"}},
		{"counted table", "Nte * 3: {}", []string{
			`3:5: User/kody/Nte: there is no table "Nte" (did you mean Note?)`,
		}},
		{"generator", "name: $fulName", []string{"3:11: User/kody: column \"name\": fulName is " +
			"neither a generator nor a column of User (did you mean fullName?)" + long}},
		{"column in a text", "name: <${usrname}>", []string{"3:14: User/kody: column \"name\": " +
			"usrname is neither a generator nor a column of User (did you mean username?)"}},
		{"generator in a text", "name: Hello $fullName", []string{"3:17: User/kody: column " +
			"\"name\": write ${fullName} for the value of $fullName in a text, and $$ for a " +
			"dollar"}},
		{"after escapes a place is that of the value", `name: "\u00e4 $fullName"`, []string{
			"3:11: User/kody: column \"name\": write ${fullName} for the value of $fullName " +
				"in a text, and $$ for a dollar",
		}},
		{"arguments", "score: $float(1)", []string{
			`3:12: User/kody: column "score": $float has 1 arguments here: write $float(least, ` +
				"greatest)",
		}},
		{"kinds of arguments", "score: $float(1, b)\n    name: $words(1.5)\n    " +
			"createdAt: $past(1, 300y)", []string{
			`3:22: User/kody: column "score": greatest: want a number, not "b"`,
			`4:18: User/kody: column "name": n: want a whole number, not "1.5"`,
			`5:22: User/kody: column "createdAt": from: want a duration such as 30d or 1h30m, ` +
				`not "1"`,
			`5:25: User/kody: column "createdAt": to: a duration must be shorter than 292 years`,
		}},
		{"parent", "Note: {title: $parent.nme, editorId: null}\n    name: $parent.name", []string{
			`3:19: User/kody/Note: column "title": table User has no column "nme" ` +
				"(did you mean name?)",
			`4:11: User/kody: column "name": $parent.name needs a row around this one, and there ` +
				"is none",
		}},
		{"numbers", "score: 012\n    active: 9223372036854775808\n    createdAt: .nan", []string{
			`3:12: User/kody: column "score": 012 is octal for some readers of YAML, and decimal ` +
				"for others: leave the zero out, or put the text in quotes",
			`4:13: User/kody: column "active": the number 9223372036854775808 is beyond the ` +
				"numbers of SQLite: a text has quotes around it",
			`5:16: User/kody: column "createdAt": SQLite has no value for .nan: write null`,
		}},
		{"references", "Role: [admn]\n    Note: {ownerId: $ref(kodi)}", []string{
			`3:12: User/kody/RoleUser/Role/admn: column "A" refers to Role/admn, which no ` +
				"fixture declares",
			`4:21: User/kody/Note: column "ownerId" refers to User/kodi, which no fixture ` +
				"declares (did you mean kody?)",
		}},
		{"references that cannot be", "Note: {title: $ref(x), editorId: '$ref(Usr, x)'}",
			[]string{
				`3:19: User/kody/Note: column "title": the column refers to no table: write ` +
					"$ref(table, name)",
				`3:38: User/kody/Note: column "editorId" refers to Usr/x, but there is no table ` +
					`"Usr" (did you mean User?)`,
			}},
		{"links", "Role: [[a]]\n    Country: x", []string{
			"3:12: User/kody: Role: want rows or names of rows, not a list",
			"4:14: User/kody: no table joins User with Country",
		}},
		{"no row", "Note: [{ownerId: a}, {ownerId: a, titel: b}]\n    Session * 1: text", []string{
			"3:39: User/kody/Note(2): table Note has no column \"titel\", and there is no table " +
				"titel (did you mean title?)",
			"4:18: want the columns of a row of Session, not a text",
		}},
		{"what SQLite refuses", "email: null", []string{
			"3:12: User/kody: NOT NULL constraint failed: User.email",
		}},
		{"what depends on itself", "username: <${email}>\n    email: <${username}>", []string{
			`3:15: User/kody: the value of column "email" depends on itself`,
		}},
		{"an impossible number", "Note: {ownerId: $ref(kody), stars: '$int(2, 1)'}", []string{
			"3:40: User/kody/Note: Int(2, 1): there is no such number",
		}},
		{"references within values", "name: '${ref(User, kody)}'\n    username: " +
			"$usernameOf($pick(a, $ref(kody)))\n    settings: {a: [$ref(kody)]}", []string{
			`3:14: User/kody: column "name": $ref is the whole value of a column, or an argument ` +
				"of $pick, $nth or $maybe",
			`4:36: User/kody: column "username": $ref is the whole value of a column, or an ` +
				"argument of $pick, $nth or $maybe",
			`5:20: User/kody: column "settings": $ref is the whole value of a column, or an ` +
				"argument of $pick, $nth or $maybe",
		}},
		{"too much", "name: $words(99999999999)", []string{
			"3:11: User/kody: Words(99999999999): want a number from 0 to 1000000",
		}},
		{"weights", "name: $pick(a * 1.5, b)\n    username: '$pick(a * 0, b * 0)'\n    " +
			"email: $usernameOf(a * 3)", []string{
			`3:17: User/kody: column "name": a weight is a whole number such as 3, not 1.5`,
			`4:16: User/kody: column "username": one of the weights of $pick must be greater ` +
				"than 0",
			`5:24: User/kody: column "email": only a value of $pick has a weight: a text with a ` +
				"star and a number needs quotes",
		}},
		{"choices", "name: $mayb(1, a)\n    username: $maybe(1.5, a)\n    " +
			"email: $pickSome(3, a, b)\n    active: $sequence(1)", []string{
			`3:11: User/kody: column "name": mayb is neither a generator nor a column of User ` +
				"(did you mean maybe?)" + long,
			`4:22: User/kody: column "username": probability: want a number from 0 to 1, not ` +
				`"1.5"`,
			`6:13: User/kody: column "active": $sequence has 1 arguments here: write ` +
				"$sequence(first, step)",
		}},
		{"too few values", "name: $pickSome(3, a, b)", []string{
			"3:11: User/kody: PickSome: there are 2 values, not 3",
		}},
		{"links with columns", "Role: [{$lnk: admin}, {$link: {}, x: 1}, {$link: [admni, 5], " +
			"y: 2}]", []string{
			"3:13: User/kody: there is no directive $lnk (did you mean $link?)",
			"3:35: User/kody: $link names rows, not keys with values",
			`3:55: User/kody/RoleUser/Role/admni: column "A" refers to Role/admni, which no ` +
				"fixture declares",
			`3:62: User/kody/RoleUser/Role/5: column "A" refers to Role/5, which no fixture ` +
				"declares",
			`3:66: User/kody/RoleUser/Role/admni: table RoleUser has no column "y", and 1 more`,
		}},
		{"an argument that a column has", "name: abc\n    username: $words($name)", []string{
			`4:15: User/kody: n: want a whole number, not "abc"`,
		}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got := fileMistakes(t, blog, map[string]string{
				"a.yaml": "User:\n  kody:\n    " + test.row + "\n",
			})
			for i := range got {
				got[i] = strings.TrimPrefix(got[i], "a.yaml:")
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestMistakesOfWholeFiles checks mistakes outside of rows, in the order of files and lines.
func TestMistakesOfWholeFiles(t *testing.T) {
	got := fileMistakes(t, blog, map[string]string{
		"a.yaml": "$smaple: true\n$needs: [refrence, 5]\n$sample: 1\nUsr: {a: , b: , c: }\n" +
			"User: text\nRole:\n  a * 1..2:\n  b * x:\n  c: text\n  c: [d]\n",
		"b.yaml":           "a: [\n",
		"c.json":           "{\"User\": 5,}",
		"b2.yaml":          "User: {a: {name: x ${email}}}\n",
		"d.yaml":           "",
		"e.json":           "[]",
		"Usr.csv":          "id\n1\n2\n",
		"Country.csv":      "code,nme,code\n",
		"more/Country.csv": "code,nme\nde,x\nfr,x\nes\n",
		"reference.yaml":   "Role: [{name: '$ref(Role, x)'}]\n", // x may be in b.yaml
	})
	want := []string{
		`Country.csv:1:10: the column "code" is there twice`,
		`Usr.csv:1:1: Usr: there is no table "Usr" (did you mean User?)`,
		"a.yaml:1:1: there is no directive $smaple (did you mean $sample?)",
		`a.yaml:2:10: there is no set "refrence" (did you mean reference?)`,
		"a.yaml:2:20: $needs lists names, not the number 5",
		"a.yaml:3:10: $sample is true or false, not the number 1",
		`a.yaml:4:1: Usr: there is no table "Usr" (did you mean User?)`,
		"a.yaml:5:7: User: want rows, not a text",
		"a.yaml:7:3: a * 1..2: the number of rows must be one number here; it can vary for rows " +
			"within a row",
		"a.yaml:8:3: want a number of rows after the star, such as b * 3 or b * 1..3",
		"a.yaml:9:6: want the columns of a row of Role, not a text",
		`a.yaml:10:3: the key "c" is there twice, first in line 9`,
		"b.yaml:1:4: sequence end token ']' not found",
		"b2.yaml:1:21: ',' or '}' must be specified; within { } and [ ] a text with ${…} needs " +
			"quotes",
		"c.json:1:12: invalid character '}' looking for beginning of object key string",
		"d.yaml:1:1: the file is empty",
		"e.json:1:1: want tables with rows, not a list",
		`more/Country.csv:1:6: Country: table Country has no column "nme" (did you mean name?)`,
		"more/Country.csv:4:1: the row has 1 values, and the first line has 2 names of columns",
	}
	for i := range got {
		got[i] = filepath.ToSlash(got[i])
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestUnnamedRowsTwice(t *testing.T) {
	got := fileMistakes(t, blog, map[string]string{"a.yaml": "Role: [{name: a}, {name: a}]\n"})
	want := "a.yaml:1:19: Role/a: is declared a second time; the first is at "
	if len(got) != 1 || !strings.HasPrefix(got[0], want) ||
		!strings.HasSuffix(got[0], "a.yaml:1:8") {
		t.Errorf("got %v, want %sa.yaml:1:8", got, want)
	}
}

// TestManyMistakes checks that the same mistake in many rows is not told a thousand times.
func TestManyMistakes(t *testing.T) {
	sets := readSets(t, map[string]string{
		"Country.csv": "code,name,people\n" + strings.Repeat("de,Germany,none\n", 1000),
	})
	_, err := generate.Write(t.Context(), filepath.Join(t.TempDir(), "seed.db"),
		generate.Options{SchemaSQL: blog, Sets: sets})
	if err == nil {
		t.Fatal("no mistake found")
	}
	lines := strings.Split(err.Error(), "\n")
	if len(lines) != 101 || !strings.HasSuffix(lines[0], `Country.csv:2:12: Country/de: column `+
		`"people": the type INTEGER is for numbers, not for "none"`) ||
		lines[100] != "and 1899 more mistakes" {
		t.Errorf("%d lines, %s, %s", len(lines), lines[0], lines[len(lines)-1])
	}
}

func TestReadSetsRefuses(t *testing.T) {
	dir := fixtureFiles(t, map[string]string{
		"empty/note.txt": "", "program/main.go": "package main", "deep/a/b/c.yaml": "User: {}",
	})
	tests := []struct {
		path, want string
		is         error
	}{
		{"none.yaml", "read the fixtures: PATH: ", os.ErrNotExist},
		{"empty", "the folder PATH has no files of fixtures, whose names end in .yaml, .yml, " +
			".json, .csv", nil},
		{"deep", "the folder PATH has no files of fixtures, whose names end in .yaml, .yml, " +
			".json, .csv", nil},
		{"program", "the folder PATH has neither files of fixtures, whose names end in .yaml, " +
			".yml, .json, .csv, nor a Go program that calls gen.Main", nil},
		{"empty/note.txt", "PATH is no file of fixtures, whose name ends in .yaml, .yml, .json, " +
			".csv", nil},
	}
	for _, test := range tests {
		path := filepath.Join(dir, filepath.FromSlash(test.path))
		_, err := generate.ReadSets(path)
		want := strings.Replace(test.want, "PATH", path, 1)
		if err == nil || !strings.HasPrefix(err.Error(), want) ||
			test.is != nil && !errors.Is(err, test.is) {
			t.Errorf("%s: got %v, want %s", test.path, err, want)
		}
	}
}
