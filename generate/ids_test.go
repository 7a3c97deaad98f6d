package generate_test

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seedkit/seedkit/generate"
)

var idPatterns = map[string]*regexp.Regexp{
	"cuid": regexp.MustCompile(`^c[a-z0-9]{24}$`),
	"uuid": regexp.MustCompile(
		`^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`,
	),
	"ulid":     regexp.MustCompile(`^[0-7][0-9A-HJKMNP-TV-Z]{25}$`),
	"blob":     regexp.MustCompile(`^[0-9A-F]{12}7[0-9A-F]{3}[89AB][0-9A-F]{15}$`),
	"hex":      regexp.MustCompile(`^[0-9a-f]{32}$`),
	"hex uuid": regexp.MustCompile(`^[0-9a-f]{12}7[0-9a-f]{3}[89ab][0-9a-f]{15}$`),
	"upper uuid": regexp.MustCompile(
		`^[0-9A-F]{8}-[0-9A-F]{4}-7[0-9A-F]{3}-[0-9A-F]{4}-[0-9A-F]{12}$`,
	),
	"cuid2":      regexp.MustCompile(`^[a-z][0-9a-z]{23}$`),
	"nanoid":     regexp.MustCompile(`^[0-9A-Za-z_-]{21}$`),
	"object id":  regexp.MustCompile(`^[0-9a-f]{24}$`),
	"pocketbase": regexp.MustCompile(`^[0-9a-z]{15}$`),
}

// TestIDShapes checks that new ids have the kind of existing ids.
func TestIDShapes(t *testing.T) {
	tests := []struct {
		name, schema, shape string
	}{
		{"nothing known", "CREATE TABLE t(id TEXT PRIMARY KEY)", "cuid"},
		{"cuid",
			"CREATE TABLE t(id TEXT PRIMARY KEY); " +
				"INSERT INTO t VALUES('clnf2zvli0000pcou3zzzzome')", "cuid"},
		{"uuid",
			"CREATE TABLE t(id TEXT PRIMARY KEY); " +
				"INSERT INTO t VALUES('6F1EAE9C-5CD2-4b7e-9a3e-0f3d6d1c2b4a')", "uuid"},
		{"ulid",
			"CREATE TABLE t(id TEXT PRIMARY KEY); " +
				"INSERT INTO t VALUES('01ARZ3NDEKTSV4RRFFQ69G5FAV')", "ulid"},
		{"of a random default", "CREATE TABLE u(id TEXT PRIMARY KEY DEFAULT " +
			"('r'||lower(hex(randomblob(7)))) NOT NULL); CREATE TABLE t(id TEXT PRIMARY KEY)",
			"pocketbase"},
		{"of a constant default",
			"CREATE TABLE u(id TEXT PRIMARY KEY DEFAULT ''); CREATE TABLE t(id TEXT PRIMARY KEY)",
			"cuid"},
		{"of another table",
			"CREATE TABLE t(id TEXT PRIMARY KEY); CREATE TABLE u(id TEXT PRIMARY KEY); " +
				"INSERT INTO u VALUES('01ARZ3NDEKTSV4RRFFQ69G5FAV')", "ulid"},
		{"each table its own",
			`CREATE TABLE u(id TEXT PRIMARY KEY);
				INSERT INTO u VALUES('01ARZ3NDEKTSV4RRFFQ69G5FAV');
			CREATE TABLE t(id TEXT PRIMARY KEY); INSERT INTO t VALUES('clnf2zvli0000pcou3zzzzome')`,
			"cuid"},
		{"without hyphens", "CREATE TABLE t(id TEXT PRIMARY KEY); " +
			"INSERT INTO t VALUES('0e8b54ff29f94e0ca3ad1b1d2a3b4c5d')", "hex uuid"},
		{"capitals", "CREATE TABLE t(id TEXT PRIMARY KEY); " +
			"INSERT INTO t VALUES('6F1EAE9C-5CD2-4B7E-9A3E-0F3D6D1C2B4A')", "upper uuid"},
		{"cuid2", "CREATE TABLE t(id TEXT PRIMARY KEY); " +
			"INSERT INTO t VALUES('tz4a98xxat96iws9zmbrgj3a')", "cuid2"},
		{"nanoid", "CREATE TABLE t(id TEXT PRIMARY KEY); " +
			"INSERT INTO t VALUES('V1StGXR8_Z5jdHi6B-myT')", "nanoid"},
		{"random", "CREATE TABLE t(id TEXT PRIMARY KEY); INSERT INTO t VALUES" +
			"('4q1xlclmfloku33'), ('9r0c5d2vkx8sp1z'), ('zk3m2n1b0v9c8x7')", "pocketbase"},
		{"the words of a list", "CREATE TABLE t(id TEXT PRIMARY KEY); INSERT INTO t VALUES" +
			"('administrator'), ('collaborators'), ('contributors2')", "cuid"},
		{"by the length of the type", "CREATE TABLE t(id CHAR(32) PRIMARY KEY)", "hex uuid"},
		{"Ghost's", "CREATE TABLE t(id varchar(24) PRIMARY KEY)", "object id"},
		{"a word is no shape", "CREATE TABLE t(id TEXT PRIMARY KEY); INSERT INTO t VALUES('admin')",
			"cuid"},
		{"by type", "CREATE TABLE t(id UUID PRIMARY KEY)", "uuid"},
		{"blob", "CREATE TABLE t(id BLOB PRIMARY KEY) WITHOUT ROWID", "blob"},
		{"by default", "CREATE TABLE t(id TEXT PRIMARY KEY DEFAULT (lower(hex(randomblob(16)))))",
			"hex"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			d := write(t,
				options(test.schema, func(s *generate.Fixtures) { s.Many("t", "x", 100, nil) }))
			ids := d.query("SELECT iif(typeof(id) = 'blob', hex(id), id) " +
				"FROM t EXCEPT SELECT * FROM (VALUES ('clnf2zvli0000pcou3zzzzome'), " +
				"('6F1EAE9C-5CD2-4b7e-9a3e-0f3d6d1c2b4a'), ('01ARZ3NDEKTSV4RRFFQ69G5FAV'), " +
				"('admin'), ('0e8b54ff29f94e0ca3ad1b1d2a3b4c5d'), ('tz4a98xxat96iws9zmbrgj3a'), " +
				"('6F1EAE9C-5CD2-4B7E-9A3E-0F3D6D1C2B4A'), ('V1StGXR8_Z5jdHi6B-myT'), " +
				"('4q1xlclmfloku33'), ('9r0c5d2vkx8sp1z'), ('zk3m2n1b0v9c8x7'), " +
				"('administrator'), ('collaborators'), ('contributors2'))")
			if len(ids) != 100 {
				t.Errorf("%d ids", len(ids))
			}
			for _, id := range ids {
				if !idPatterns[test.shape].MatchString(id) {
					t.Errorf("%s is no %s", id, test.shape)
				}
			}
		})
	}
}

// TestIDsAreInsertedInOrder checks that the ids of one declaration go to the end of the index in
// order.
func TestIDsAreInsertedInOrder(t *testing.T) {
	for _, schema := range []string{
		"CREATE TABLE t(name TEXT, id TEXT PRIMARY KEY)",
		"CREATE TABLE t(name TEXT, id UUID PRIMARY KEY)",
		"CREATE TABLE t(name TEXT, id BLOB PRIMARY KEY)",
		"CREATE TABLE t(name TEXT, id INTEGER PRIMARY KEY AUTOINCREMENT)",
		"CREATE TABLE t(name TEXT, id BIGINT PRIMARY KEY)",
		"CREATE TABLE t(name TEXT, id TEXT PRIMARY KEY); " +
			"INSERT INTO t VALUES('script', '01ARZ3NDEKTSV4RRFFQ69G5FAV')",
	} {
		d := write(t, options(schema, func(s *generate.Fixtures) {
			s.Many("t", "x", 1000,
				generate.Row{"name": func(f *generate.Fake) any { return f.Number() }})
		}))
		byID := d.query("SELECT CAST(name AS INTEGER) FROM t WHERE name <> 'script' ORDER BY id")
		if !slices.IsSortedFunc(byID, compareNumbers) {
			t.Errorf("%s: the ids are in another order than the rows", schema)
		}
	}
}

func compareNumbers(a, b string) int {
	x, _ := strconv.Atoi(a)
	y, _ := strconv.Atoi(b)
	return x - y
}

// TestIntegerIDs checks that integer ids leave the app small ids, and enough larger ids within 32
// bits.
func TestIntegerIDs(t *testing.T) {
	d := write(t,
		options(`CREATE TABLE t(id INTEGER PRIMARY KEY); `+
			`CREATE TABLE part(id INT PRIMARY KEY, `+
			`t INTEGER NOT NULL REFERENCES t(id)) WITHOUT ROWID; `+
			`CREATE TABLE u(n INTEGER UNIQUE)`, func(s *generate.Fixtures) {
			for i := range 100 {
				s.Add("t", fmt.Sprint("single", i), nil, generate.Some("part", 1, 3, nil))
			}
			s.Many("t", "many", 5000, nil, generate.Some("part", 1, 3, nil))
			s.Many("u", "many", 1000, nil)
		}))
	for sql, want := range map[string]string{
		"SELECT count(*), min(id) >= 1 << 20, max(id) < 1 << 30 FROM t": "5100|1|1",
		"SELECT count(*) BETWEEN 8000 AND 12000, min(id) >= 1 << 20, max(id) < 1 << 30 " +
			"FROM part": "1|1|1",
		"SELECT count(DISTINCT n) FROM u": "1000",
	} {
		if diff := cmp.Diff(want, d.one(sql)); diff != "" {
			t.Errorf("%s:\n%s", sql, diff)
		}
	}
}
