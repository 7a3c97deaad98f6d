package extract_test

import (
	"context"
	"fmt"
	"os"
	"strings"

	"github.com/seedkit/seedkit/extract"
)

func ExampleWrite() {
	script := `
		CREATE TABLE user (id INTEGER PRIMARY KEY, name TEXT);
		INSERT INTO user VALUES (1, 'Kody'), (2, 'it''s; me');`
	_, err := extract.Write(context.Background(), os.Stdout, "seed.sql",
		extract.Options{Script: strings.NewReader(script)})
	if err != nil {
		fmt.Println(err)
	}
	// Output:
	// -- seedkit: begin of rows
	// INSERT INTO "user" ("id", "name") VALUES (1, 'Kody');
	// INSERT INTO "user" ("id", "name") VALUES (2, 'it''s; me');
	// -- seedkit: end of rows
}
