package generate_test

import (
	"context"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"time"

	"github.com/seedkit/seedkit/generate"
)

func ExampleWrite() {
	fixtures := func(s *generate.Fixtures) {
		s.Add("User", "kody", generate.Row{"email": "kody@example.com", "name": "Kody"},
			generate.Link(s.Ref("Role", "admin")),
			generate.Has("Password", generate.Row{"hash": generate.Bcrypt("kodylovesyou")}))
		s.Many("User", "demo", 20,
			generate.Row{"name": generate.FullName, "createdAt": generate.Past(0, 24*time.Hour)},
			generate.Some("Note", 1, 3, generate.Row{
				"title": func(f *generate.Fake) any { return f.Sentence(5) },
			}))
		s.Add("Role", "admin", generate.Row{"name": "admin"})
	}
	dir, err := os.MkdirTemp("", "example")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)
	report, err := generate.Write(context.Background(), filepath.Join(dir, "seed.db"),
		generate.Options{
			SchemaSQL: `
			CREATE TABLE User(id TEXT PRIMARY KEY, email TEXT NOT NULL UNIQUE, name TEXT,
				createdAt DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP);
			CREATE TABLE Password(hash TEXT NOT NULL,
				userId TEXT NOT NULL UNIQUE REFERENCES User(id));
			CREATE TABLE Role(id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
			CREATE TABLE UserRole(userId TEXT REFERENCES User(id),
				roleId INTEGER REFERENCES Role(id), PRIMARY KEY(userId, roleId));
			CREATE TABLE Note(id TEXT PRIMARY KEY, title TEXT NOT NULL,
				ownerId TEXT NOT NULL REFERENCES User(id));`,
			Sets: []generate.Set{{Name: "sample", Sample: true, Fill: fixtures}},
		})
	if err != nil {
		log.Fatal(err)
	}
	for _, t := range report.Tables {
		fmt.Println(t.Table, t.Rows)
	}
	fmt.Println("timestamps are", report.Datetime)
	// Output:
	// User 21
	// Password 1
	// Role 1
	// UserRole 1
	// Note 39
	// timestamps are sql
}
