package live

import (
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seedkit/seedkit/internal/sqlite"
	"github.com/seedkit/seedkit/internal/testdb"
)

// TestForeignKeyViolationsByIndex compares what the indexes say of foreign keys with what SQLite's
// own check says. fast is whether an index shows that no reference of c dangles.
func TestForeignKeyViolationsByIndex(t *testing.T) {
	const parent = "CREATE TABLE p(id INTEGER PRIMARY KEY, k TEXT UNIQUE, n INT, m INT, " +
		"UNIQUE(n, m)); INSERT INTO p VALUES(1, 'a', 1, 2), (2, 'b', 1, NULL), (3, 'A', 5, 5);"
	tests := []struct {
		title, sql string
		fast       bool
	}{
		{"a rowid", "CREATE TABLE c(p INTEGER REFERENCES p(id)); CREATE INDEX i ON c(p);" +
			"INSERT INTO c VALUES(1), (1), (2), (NULL)", true},
		{"a text", "CREATE TABLE c(k TEXT REFERENCES p(k)); CREATE INDEX i ON c(k);" +
			"INSERT INTO c VALUES('a'), ('b'), ('a')", true},
		{"several columns", "CREATE TABLE c(n INT, m INT, FOREIGN KEY(n, m) REFERENCES p(n, m));" +
			"CREATE INDEX i ON c(n, m); INSERT INTO c VALUES(1, 2), (1, NULL), (NULL, 9)", true},
		{"itself", "CREATE TABLE c(id INTEGER PRIMARY KEY, up INTEGER REFERENCES c(id));" +
			"CREATE INDEX i ON c(up); INSERT INTO c VALUES(1, NULL), (2, 1), (3, 3)", true},
		{"two keys", "CREATE TABLE c(p INTEGER REFERENCES p(id), k TEXT REFERENCES p(k));" +
			"CREATE INDEX i ON c(p); CREATE INDEX j ON c(k); INSERT INTO c VALUES(1, 'b')", true},
		{"one of two keys dangles",
			"CREATE TABLE c(p INTEGER REFERENCES p(id), k TEXT REFERENCES p(k));" +
				"CREATE INDEX i ON c(p); CREATE INDEX j ON c(k);" +
				"INSERT INTO c VALUES(1, 'x')", false},
		{"dangling", "CREATE TABLE c(p INTEGER REFERENCES p(id)); CREATE INDEX i ON c(p);" +
			"INSERT INTO c VALUES(1), (7), (7)", false},
		{"another case", "CREATE TABLE c(k TEXT REFERENCES p(k)); CREATE INDEX i ON c(k);" +
			"INSERT INTO c VALUES('B')", false},
		{"a child's collation", "CREATE TABLE c(k TEXT COLLATE NOCASE REFERENCES p(k));" +
			"CREATE INDEX i ON c(k); INSERT INTO c VALUES('b'), ('B')", false},
		{"a parent's collation", "CREATE TABLE q(k TEXT COLLATE NOCASE UNIQUE);" +
			"INSERT INTO q VALUES('a'); CREATE TABLE c(k TEXT REFERENCES q(k));" +
			"CREATE INDEX i ON c(k); INSERT INTO c VALUES('a'), ('A')", true},
		{"other types", "CREATE TABLE c(p TEXT REFERENCES p(id)); CREATE INDEX i ON c(p);" +
			"INSERT INTO c VALUES('1'), ('01'), ('x')", false},
		{"no index", "CREATE TABLE c(p INTEGER REFERENCES p(id)); INSERT INTO c VALUES(1)", false},
		{"the parent's key is not named", "CREATE TABLE c(p INTEGER REFERENCES p);" +
			"CREATE INDEX i ON c(p); INSERT INTO c VALUES(1)", false},
		{"no key in the parent", "CREATE TABLE q(x INT); CREATE TABLE c(p INT REFERENCES q(x));" +
			"CREATE INDEX i ON c(p); INSERT INTO c VALUES(1)", false},
		{"no unique key in the parent", "CREATE TABLE q(x INT); CREATE INDEX j ON q(x);" +
			"INSERT INTO q VALUES(1); CREATE TABLE c(p INT REFERENCES q(x));" +
			"CREATE INDEX i ON c(p); INSERT INTO c VALUES(1)", false},
		{"a partial key in the parent", "CREATE TABLE q(x INT);" +
			"CREATE UNIQUE INDEX j ON q(x) WHERE x > 0; INSERT INTO q VALUES(1);" +
			"CREATE TABLE c(p INT REFERENCES q(x)); CREATE INDEX i ON c(p);" +
			"INSERT INTO c VALUES(1)", false},
		{"no parent", "CREATE TABLE c(p INT REFERENCES none(x)); CREATE INDEX i ON c(p);" +
			"INSERT INTO c VALUES(1)", false},
		{"odd names", `CREATE TABLE "o ""d"("a b" INT UNIQUE); INSERT INTO "o ""d" VALUES(1);
			CREATE TABLE c("x ""y" INT REFERENCES "O ""D"("A B")); CREATE INDEX i ON c("x ""y");
			INSERT INTO c VALUES(1)`, true},
	}
	for _, test := range tests {
		t.Run(test.title, func(t *testing.T) {
			c := testdb.Connect(t, filepath.Join(t.TempDir(), "data.db"), sqlite.Create)
			testdb.Execute(t, c, parent+test.sql)
			fast, err := holds(c, "c")
			if fast != test.fast || err != nil {
				t.Errorf("fast: got %v, %v, want %v", fast, err, test.fast)
			}
			got, err := ForeignKeyViolationsByIndex(c)
			if err != nil {
				t.Fatal(err)
			}
			want, err := ForeignKeyViolations(c)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Error(diff)
			}
			if fast && want != nil {
				t.Errorf("references dangle: %v", want)
			}
		})
	}
}
