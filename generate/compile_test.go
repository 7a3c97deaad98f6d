package generate

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seedkit/seedkit/internal/model"
	"github.com/seedkit/seedkit/internal/sqlite"
	"github.com/seedkit/seedkit/internal/timeform"
)

// compileSet returns the templates of one set on a schema. The set must have no mistakes.
func compileSet(t *testing.T, schema string, fill func(*Fixtures)) (*model.Model, []*template) {
	t.Helper()
	c, err := sqlite.Open(t.Context(), sqlite.Memory, sqlite.ReadWrite)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if err := c.ExecScript(schema); err != nil {
		t.Fatal(err)
	}
	m, err := model.Read(c)
	if err != nil {
		t.Fatal(err)
	}
	compiler := &compiler{
		model: m, times: timesOf(t, m), defaults: &defaults{}, mistakes: &mistakes{},
		wrong: map[string]bool{},
	}
	templates := compiler.compile([]Set{{Name: "test", Fill: fill}})
	if err := compiler.mistakes.err(); err != nil {
		t.Fatal(err)
	}
	return m, templates
}

// timesOf says that every column of times stores milliseconds.
func timesOf(t *testing.T, m *model.Model) *times {
	t.Helper()
	times, err := (&timesReader{asked: timeform.UnixMilli}).readTimes(m)
	if err != nil {
		t.Fatal(err)
	}
	return times
}

const forum = `
	CREATE TABLE user(id TEXT PRIMARY KEY, email TEXT NOT NULL UNIQUE, joined DATETIME,
		rank INT DEFAULT 1, initial AS (substr(email, 1, 1)));
	CREATE TABLE post(id INTEGER PRIMARY KEY, author TEXT NOT NULL REFERENCES user(id),
		editor TEXT REFERENCES user(id), slug TEXT NOT NULL, UNIQUE(author, slug));
	CREATE TABLE likes(post INT NOT NULL REFERENCES post, user TEXT NOT NULL REFERENCES user(id),
		at DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP);`

// TestCompile describes each template by a line: its path, where its cells come from, and which of
// its columns must have different values.
func TestCompile(t *testing.T) {
	_, templates := compileSet(t, forum, func(s *Fixtures) {
		bob := s.Ref("User", "bob#1")
		s.Add("USER", "ann", Row{"Email": "ann@example.com", "joined": DefaultNow},
			Has("Post", Row{"editor": bob, "slug": FullName}, Link(bob)),
			Some("post", 1, 3, Row{"AUTHOR": bob}))
		s.Many("user", "bob", 2, nil, Link(s.Ref("post", "first")))
		s.Add("post", "first", nil)
		s.Add("likes", "", Row{"post": 7, "user": bob})
	})
	var got []string
	each(templates, func(t *template) {
		line := fmt.Sprintf("%s %d-%d:", t.path, t.min, t.max)
		for i, s := range t.sources {
			c := t.table.Columns[i]
			switch s.kind {
			case given:
				line += fmt.Sprintf(" %s=%v", c.Name, s.value.Kind())
			case lazy:
				line += " " + c.Name + "()"
			case referred:
				line += fmt.Sprintf(" %s=%s.%d", c.Name, s.ref.path(), s.column)
			case inherited:
				line += fmt.Sprintf(" %s=parent.%d", c.Name, s.column)
			}
			if t.distinct[i] {
				line += " unlike " + c.Name
			}
		}
		got = append(got, line)
	})
	want := []string{
		"user/ann 1-1: unlike id email=text joined=integer",
		"user/ann/post 1-1: unlike id author=parent.0 editor=user/bob#1.0 slug()",
		"user/ann/post/likes/user/bob#1 1-1: post=parent.0 user=user/bob#1.0",
		"user/ann/post(2) 1-3: unlike id author=user/bob#1.0 editor=parent.0 unlike slug",
		"user/bob 2-2: unlike id unlike email",
		"user/bob#1/likes/post/first 1-1: post=post/first.0 user=parent.0",
		"post/first 1-1: unlike id unlike slug",
		"likes/ 1-1: post=integer user=user/bob#1.0",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	open := map[string]bool{}
	for table := range chosen(templates) {
		open[table.Name] = true
	}
	if diff := cmp.Diff(map[string]bool{"user": true, "post": true}, open); diff != "" {
		t.Errorf("tables whose rows count:\n%s", diff)
	}
}
