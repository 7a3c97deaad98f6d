package generate_test

import (
	"context"
	"database/sql"
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

// ExampleFill fills a database in memory, which has a row already.
func ExampleFill() {
	db, err := sql.Open("sqlite", ":memory:")
	if err != nil {
		log.Fatal(err)
	}
	defer db.Close()
	db.SetMaxOpenConns(1) // each connection would have a database of its own
	const schema = `
		CREATE TABLE role (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
		CREATE TABLE user (name TEXT NOT NULL, role INTEGER NOT NULL REFERENCES role);
		INSERT INTO role VALUES (1, 'admin')`
	if _, err := db.Exec(schema); err != nil {
		log.Fatal(err)
	}
	report, err := generate.Fill(context.Background(), db, generate.Options{
		Sets: []generate.Set{{Name: "users", Fill: func(s *generate.Fixtures) {
			admin := s.Add("role", "admin", generate.Row{"name": "admin"})
			s.Many("user", "demo", 3, generate.Row{"name": generate.FullName, "role": admin})
		}}},
	})
	if err != nil {
		log.Fatal(err)
	}
	for _, table := range report.Tables {
		fmt.Println(table.Table, table.Rows, table.Adopted)
	}
	var admins int
	if err := db.QueryRow("SELECT count(*) FROM user WHERE role = 1").Scan(&admins); err != nil {
		log.Fatal(err)
	}
	fmt.Println(admins, "admins")
	// Output:
	// role 1 1
	// user 3 0
	// 3 admins
}
