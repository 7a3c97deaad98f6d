package generate_test

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/seedkit/seedkit/generate"
)

// fixtureFiles writes files into a new folder and returns it.
func fixtureFiles(t testing.TB, byName map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range byName {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// readSets reads the sets in a folder of files.
func readSets(t testing.TB, byName map[string]string) []generate.Set {
	t.Helper()
	sets, err := generate.ReadSets(fixtureFiles(t, byName))
	if err != nil {
		t.Fatal(err)
	}
	return sets
}

// fromFiles returns Options with the sets of files on a schema.
func fromFiles(t testing.TB, schema string, byName map[string]string) generate.Options {
	t.Helper()
	return generate.Options{SchemaSQL: schema, Sets: readSets(t, byName)}
}

const blog = `
	CREATE TABLE Role(id TEXT PRIMARY KEY, name TEXT NOT NULL UNIQUE);
	CREATE TABLE User(id TEXT PRIMARY KEY, email TEXT NOT NULL UNIQUE, username TEXT, name TEXT,
		active BOOLEAN, score REAL, settings JSON, photo BLOB, createdAt DATETIME NOT NULL);
	CREATE TABLE RoleUser(A TEXT NOT NULL REFERENCES Role(id), B TEXT NOT NULL REFERENCES User(id));
	CREATE TABLE Password(hash TEXT, userId TEXT UNIQUE REFERENCES User(id));
	CREATE TABLE Session(id TEXT PRIMARY KEY, expirationDate DATETIME NOT NULL,
		userId TEXT NOT NULL REFERENCES User(id));
	CREATE TABLE Note(id TEXT PRIMARY KEY, title TEXT, stars INTEGER, createdAt DATETIME NOT NULL,
		ownerId TEXT NOT NULL REFERENCES User(id), editorId TEXT REFERENCES User(id));
	CREATE TABLE Country(code TEXT PRIMARY KEY, name TEXT NOT NULL, people INTEGER, eu BOOLEAN);`

// blogSets are the same sets in Go, in YAML and in JSON.
var (
	blogSets = []generate.Set{
		{Name: "reference", Fill: func(s *generate.Fixtures) {
			for _, name := range []string{"admin", "user"} {
				s.Add("Role", name, generate.Row{"name": name})
			}
		}},
		{Name: "sample", Sample: true, Needs: []string{"reference"}, Fill: fillBlog},
	}
	blogYAML = map[string]string{
		"reference.yaml": "Role:\n  admin: { name: admin }\n  user: { name: user }\n",
		"sample.yaml": `
$sample: true                      # does not belong in production
$needs: [reference]
User:
  kody:
    email: kody@kcd.dev
    username: kody
    active: true
    score: 1.5
    settings: { theme: dark, sizes: [1, 2], owner: "${username}" }
    photo: !!binary aGk=
    createdAt: 2024-02-29T12:00:00Z
    Role: [admin, user]            # linked through the join table
    Password: { hash: $bcrypt(kodylovesyou) }
    Session: { expirationDate: $in(30d) }
    Note:
      - title: $$5 for ${parent.username}
        editorId: $ref(demo#2)
      - title: null
        editorId: $ref(User, kody)
  demo * 20:
    name: $fullName
    username: $usernameOf($name)
    email: "${username}@example.com"
    active: $bool
    score: $float(0, 5)
    createdAt: $past(1d, 30d)
    Role: user
    Password: { hash: $bcrypt($parent.username) }
    Note * 1..3:
      title: $sentence(5)
      stars: $int(1, 5)
      createdAt: $after($parent.createdAt)
      editorId: $pick($ref(User, kody), $ref(User, 'demo#1'), null)
`,
	}
)

const day = 24 * time.Hour

func fillBlog(s *generate.Fixtures) {
	user := s.Ref("Role", "user")
	kody := s.Ref("User", "kody")
	s.Add("User", "kody", generate.Row{
		"email": "kody@kcd.dev", "username": "kody", "active": true, "score": 1.5,
		"settings": func(f *generate.Fake) any {
			return map[string]any{
				"theme": "dark", "sizes": []int{1, 2}, "owner": f.Cell("username"),
			}
		},
		"photo": []byte("hi"), "createdAt": time.Date(2024, 2, 29, 12, 0, 0, 0, time.UTC),
	},
		generate.Link(s.Ref("Role", "admin"), user),
		generate.Has("Password", generate.Row{"hash": generate.Bcrypt("kodylovesyou")}),
		generate.Has("Session", generate.Row{
			"expirationDate": func(f *generate.Fake) any { return f.In(30 * day) },
		}),
		generate.Has("Note", generate.Row{
			"title": func(f *generate.Fake) any {
				return "$5 for " + f.Parent("username").(string)
			},
			"editorId": s.Ref("User", "demo#2"),
		}),
		generate.Has("Note", generate.Row{"title": nil, "editorId": kody}))
	s.Many("User", "demo", 20, generate.Row{
		"name":     generate.FullName,
		"username": func(f *generate.Fake) any { return f.UsernameOf(f.Cell("name").(string)) },
		"email": func(f *generate.Fake) any {
			return f.Cell("username").(string) + "@example.com"
		},
		"active":    func(f *generate.Fake) any { return f.Bool() },
		"score":     func(f *generate.Fake) any { return f.Float(0, 5) },
		"createdAt": generate.Past(day, 30*day),
	},
		generate.Link(user),
		generate.Has("Password", generate.Row{
			"hash": func(f *generate.Fake) any { return f.Bcrypt(f.Parent("username").(string)) },
		}),
		generate.Some("Note", 1, 3, generate.Row{
			"title":     func(f *generate.Fake) any { return f.Sentence(5) },
			"stars":     func(f *generate.Fake) any { return f.Int(1, 5) },
			"createdAt": func(f *generate.Fake) any { return f.After(f.Parent("createdAt")) },
			"editorId": func(f *generate.Fake) any {
				return f.Pick(kody, s.Ref("User", "demo#1"), nil)
			},
		}))
}

// TestFilesAndGoGiveTheSameBytes compares the databases of the same fixtures in both languages.
func TestFilesAndGoGiveTheSameBytes(t *testing.T) {
	for _, datetime := range []generate.Datetime{generate.ISO, generate.UnixMilli} {
		var databases [][]byte
		for _, sets := range [][]generate.Set{blogSets, readSets(t, blogYAML)} {
			d := write(t, generate.Options{SchemaSQL: blog, Sets: sets, Datetime: datetime})
			if !d.report.Sample || !slices.Equal(d.report.Sets, []string{"reference", "sample"}) {
				t.Errorf("sample %v of %v", d.report.Sample, d.report.Sets)
			}
			content, err := os.ReadFile(d.path)
			if err != nil {
				t.Fatal(err)
			}
			databases = append(databases, content)
		}
		if !bytes.Equal(databases[0], databases[1]) {
			t.Errorf("%s: the databases differ", datetime)
		}
	}
}

func TestFileValues(t *testing.T) {
	const schema = `CREATE TABLE v(id INTEGER PRIMARY KEY, i INTEGER, r REAL, t TEXT, b BLOB,
		n NUMERIC, at DATETIME, f BOOLEAN, j JSON)`
	tests := []struct{ row, column, want string }{
		{"i: 1", "i", "1"},
		{"t: -0x1F", "t", "'-0x1F'"}, // a text in YAML
		{"i: 0x1F", "i", "31"},
		{"i: 0o17", "i", "15"},
		{"i: 9223372036854775807", "i", "9223372036854775807"},
		{"i: -9223372036854775808", "i", "-9223372036854775808"},
		{"i: true", "i", "1"},
		{"i: '5'", "i", "5"},
		{"r: 1.50", "r", "1.5"},
		{"r: -.inf", "r", "-9.0e+999"},
		{"r: 1e3", "r", "1000.0"},
		{"t: 1.50", "t", "'1.50'"},
		{"t: 007", "t", "'007'"},
		{"t: 99999999999999999999", "t", "'99999999999999999999'"},
		{"t: true", "t", "'true'"},
		{"t: yes", "t", "'yes'"},
		{"t: ~", "t", "NULL"},
		{"t:", "t", "NULL"},
		{"t: ''", "t", "''"},
		{"t: 2025-01-01", "t", "'2025-01-01'"},
		{"t: $2b$10$abcdefghijklmnopqrstuv", "t", "'$2b$10$abcdefghijklmnopqrstuv'"},
		{"t: $$name", "t", "'$name'"},
		{"t: costs $5 or $$6", "t", "'costs $5 or $6'"},
		{"t: $i\n    i: 5", "t", "'5'"},
		{"t: <${i}>\n    i: null", "t", "'<>'"},
		{"t: '${words(2)} ${ i }'\n    i: 7", "t GLOB '?* ?* 7'", "1"},
		{"T: a", "t", "'a'"},
		{"b: !!binary aGk=", "b", "X'6869'"},
		{"b: [a]", "b", "'[\"a\"]'"},
		{"at: 2025-01-01", "at", "'2025-01-01T00:00:00.000+00:00'"},
		{"at: '2025-01-01T01:00:00+01:00'", "at", "'2025-01-01T00:00:00.000+00:00'"},
		{"at: 2025-01-01 10:00:00", "at", "'2025-01-01T10:00:00.000+00:00'"},
		{"at: never", "at", "'never'"},
		{"at: $after(2024-12-31T23:59:59.999Z)", "at IN " +
			"('2025-01-01T00:00:00.000+00:00', '2024-12-31T23:59:59.999+00:00')", "1"},
		{"at: $future(1h, 1h)", "at", "'2025-01-01T01:00:00.000+00:00'"},
		{"f: false", "f", "0"},
		{"f: True", "f", "1"},
		{"j: {b: 1.10, a: [true, null, '<${number}>', x]}", "j",
			`'{"a":[true,null,"<1>","x"],"b":1.10}'`},
		{"j: {a: $number, b: $pick(1)}", "j", `'{"a":1,"b":1}'`},
		{"j: []", "j", "'[]'"},
		{"i: $pick(5)", "typeof(i) || i", "'integer5'"},
		{"n: $pick(1.5)", "n", "1.5"},
		{"n: $pick(true)", "n", "1"},
		{"t: $pick('true')", "t", "'true'"},
		{"t: $pick(1.50)", "t", "'1.50'"},
		{"t: $pick(null)", "t", "NULL"},
		{"t: '$pick(\"a, b\")'", "t", "'a, b'"},
	}
	for _, test := range tests {
		t.Run(test.row, func(t *testing.T) {
			d := write(t, fromFiles(t, schema, map[string]string{
				"a.yaml": "v:\n  row:\n    " + test.row + "\n",
			}))
			got := d.one("SELECT quote(" + test.column + ") FROM v")
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestCSV(t *testing.T) {
	d := write(t, fromFiles(t, blog, map[string]string{
		"Country.csv": "\ufeffCode,name,people,eu\r\nde,Deutschland,83000000,true\r\n" +
			"ci,\"Côte \"\"d'Ivoire\"\"\",,false\r\nno,,5500000,\r\nnl,$$,$number,$bool\r\n",
		"user.csv": "email,createdAt\n${username}@example.com,2024-01-02\n" +
			"$email,2023-01-01\n$email,2023-01-01\n",
		"sample/RoleUser.csv": "A,B\n$ref(admin),$ref(kody)\n",
		"sample/people.json":  `{"$schema": "x", "User": {"kody": null}, "Role": {"admin": {}}}`,
		"sample/notes/x.yaml": "not read",
		".hidden.yaml":        "not read",
		"readme.md":           "not read",
	}))
	if diff := cmp.Diff([]string{"reference", "sample"}, d.report.Sets); diff != "" {
		t.Error(diff)
	}
	want := []string{
		"de|Deutschland|83000000|1", `ci|Côte "d'Ivoire"||0`, "no||5500000|",
	}
	if diff := cmp.Diff(want, d.query("SELECT * FROM Country WHERE code <> 'nl'")); diff != "" {
		t.Error(diff)
	}
	tests := []struct{ query, want string }{
		{"SELECT name, people, typeof(eu) FROM Country WHERE code = 'nl'", "$|1|integer"},
		{"SELECT typeof(name), typeof(people) FROM Country WHERE code = 'no'", "text|integer"},
		{"SELECT email = username || '@example.com', createdAt FROM User " +
			"WHERE createdAt LIKE '2024-01-02%'", "1|2024-01-02T00:00:00.000+00:00"},
		{"SELECT count(*) FROM RoleUser JOIN Role ON Role.id = A JOIN User ON User.id = B", "1"},
	}
	for _, test := range tests {
		if diff := cmp.Diff(test.want, d.one(test.query)); diff != "" {
			t.Errorf("%s:\n%s", test.query, diff)
		}
	}
}

// TestUnnamedRows checks that a row without a name has the values of a unique key as its name, so
// that other rows before it do not change it.
func TestUnnamedRows(t *testing.T) {
	const schema = `CREATE TABLE tag(id INTEGER PRIMARY KEY, a TEXT, b TEXT, c TEXT, UNIQUE(a, b));
		CREATE TABLE code(code TEXT PRIMARY KEY, x TEXT); CREATE TABLE log(x TEXT, y TEXT);
		CREATE TABLE use(tag INTEGER REFERENCES tag, code TEXT REFERENCES code, log TEXT)`
	rows := func(tags, codes, logs string) map[string]bool {
		return write(t, fromFiles(t, schema, map[string]string{
			"a.yaml": "tag: [" + tags + "]\ncode: [" + codes + "]\nlog: [" + logs + "]\n" +
				"use: [{tag: '$ref(x:y)', code: $ref(de)}, {tag: '$ref(tag, x:z)'}]",
		})).rows()
	}
	before := rows("{a: x, b: y}, {b: z, A: x}", "{code: de}", "")
	after := rows("{a: w, b: y}, {b: z, A: x}, {a: x, b: y}", "{code: at, x: y}, {code: de}", "{}")
	for row := range before {
		if !after[row] {
			t.Errorf("%s has changed", row)
		}
	}
}

func TestOneSetOfSeveralFiles(t *testing.T) {
	dir := fixtureFiles(t, map[string]string{
		"a/reference.yaml": "$whole: Role\nRole:\n  admin: {name: admin}",
		"a/Country.csv":    "code,name\nde,x",
		"b/reference.yml":  "$sample: true\nRole: {user: {name: user}}",
		"b/other.JSON":     `{"$needs": ["reference"], "User": {"a": {"Role": ["admin", "user"]}}}`,
	})
	sets, err := generate.ReadSets(filepath.Join(dir, "b", "other.JSON"), filepath.Join(dir, "a"),
		filepath.Join(dir, "b", "reference.yml"))
	if err != nil {
		t.Fatal(err)
	}
	for i := range sets {
		sets[i].Fill = nil
	}
	want := []generate.Set{
		{Name: "other", Needs: []string{"reference"}},
		{Name: "reference", Sample: true, Whole: []string{"Role"}},
	}
	if diff := cmp.Diff(want, sets, cmpopts.IgnoreUnexported(generate.Set{})); diff != "" {
		t.Error(diff)
	}
}
