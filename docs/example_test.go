package docs

import (
	"context"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"time"

	"github.com/seedkit/seedkit/generate"
)

const blogSchema = `
	CREATE TABLE Author (
		id TEXT PRIMARY KEY, email TEXT NOT NULL UNIQUE, name TEXT, createdAt DATETIME NOT NULL);
	CREATE TABLE Post (
		id TEXT PRIMARY KEY, title TEXT NOT NULL, draft BOOLEAN NOT NULL DEFAULT 0,
		authorId TEXT NOT NULL REFERENCES Author(id));
	CREATE TABLE Tag (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
	CREATE TABLE PostTag (
		postId TEXT REFERENCES Post(id), tagId INTEGER REFERENCES Tag(id),
		PRIMARY KEY (postId, tagId));`

func blog(s *generate.Fixtures) {
	news := s.Add("Tag", "news", generate.Row{"name": "news"})
	s.Add("Author", "ada", generate.Row{"email": "ada@example.com", "name": "Ada"},
		generate.Has("Post", generate.Row{"title": "Hello"}, generate.Link(news)))
	s.Many("Author", "demo", 3, generate.Row{
		"name":      generate.FullName,
		"createdAt": generate.Past(0, 30*24*time.Hour),
	},
		generate.Some("Post", 1, 2, generate.Row{
			"title": func(f *generate.Fake) any { return f.Sentence(4) },
			"draft": func(f *generate.Fake) any { return f.Number() > 1 },
		}))
}

func writeBlog(ctx context.Context, path string) (generate.Report, error) {
	return generate.Write(ctx, path, generate.Options{
		SchemaSQL: blogSchema,
		Sets:      []generate.Set{{Name: "blog", Fill: blog}},
	})
}

func Example() {
	dir, err := os.MkdirTemp("", "blog")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)
	report, err := writeBlog(context.Background(), filepath.Join(dir, "blog.db"))
	if err != nil {
		log.Fatal(err)
	}
	for _, table := range report.Tables {
		fmt.Println(table.Rows, table.Table)
	}
	// Output:
	// 4 Author
	// 5 Post
	// 1 Tag
	// 1 PostTag
}
