package generate_test

import (
	"fmt"
	"strings"
	"testing"

	"golang.org/x/crypto/bcrypt"

	"github.com/seedkit/seedkit/generate"
)

func TestBcrypt(t *testing.T) {
	passwords := []string{"kodylovesyou", "pä\x00sswörd", strings.Repeat("x", 72)}
	fixtures := func(s *generate.Fixtures) {
		for _, p := range passwords {
			s.Add("login", p, generate.Row{"password": p, "hash": generate.Bcrypt(p)})
		}
		s.Add("login", "again", generate.Row{
			"password": passwords[0],
			"hash": func(f *generate.Fake) any {
				return f.Bcrypt(fmt.Sprint(f.Cell("password")))
			},
		})
	}
	opts := options("CREATE TABLE login(password TEXT, hash TEXT)", fixtures)
	d := write(t, opts)
	for _, p := range passwords {
		hash := d.one("SELECT DISTINCT hash FROM login WHERE password = ?", p)
		if !strings.HasPrefix(hash, "$2b$10$") || len(hash) != 60 {
			t.Errorf("%q: %s is not as bcryptjs writes it", p, hash)
		}
		if err := bcrypt.CompareHashAndPassword([]byte(hash), []byte(p)); err != nil {
			t.Errorf("%q: %v", p, err)
		}
		if err := bcrypt.CompareHashAndPassword([]byte(hash),
			[]byte(p[:len(p)/2]+"?")); err == nil {
			t.Errorf("%q: another password passes", p)
		}
	}
	opts.Seed = "another"
	const one = "SELECT DISTINCT hash FROM login WHERE password = 'kodylovesyou'"
	if write(t, opts).one(one) == d.one(one) {
		t.Error("the salt does not depend on the seed")
	}
}

// TestPasswordHash hashes passwords in the forms of frameworks, whose tables show them.
func TestPasswordHash(t *testing.T) {
	const user = "CREATE TABLE user(id INTEGER PRIMARY KEY, password VARCHAR(128) NOT NULL, " +
		"pin VARCHAR(128));"
	for framework, test := range map[string]struct{ schema, begin string }{
		"none": {"", "$2b$10$"},
		"Django": {"CREATE TABLE django_session(session_key VARCHAR(40));",
			"pbkdf2_sha256$600000$"},
		"Laravel": {"CREATE TABLE password_reset_tokens(email VARCHAR NOT NULL, token VARCHAR);",
			"$2y$10$"},
		"Rails": {"CREATE TABLE solid_queue_jobs(id INTEGER PRIMARY KEY);", "$2a$10$"},
	} {
		t.Run(framework, func(t *testing.T) {
			d := write(t, options(user+test.schema, func(s *generate.Fixtures) {
				s.Many("user", "u", 3, generate.Row{"pin": generate.PasswordHash("1234")})
				s.Add("user", "b", generate.Row{"id": 1,
					"password": generate.Bcrypt("password"), "pin": generate.PasswordHash("1234"),
				})
			}))
			version := d.one("SELECT substr(password, 1, 4) FROM user WHERE id = 1")
			if want := test.begin[:4]; version != want && want[0] == '$' {
				t.Errorf("Bcrypt has the version %s, want %s", version, want)
			}
			for column, password := range map[string]string{"password": "password", "pin": "1234"} {
				hash := d.one("SELECT DISTINCT " + column + " FROM user WHERE id > 1")
				if !strings.HasPrefix(hash, test.begin) {
					t.Errorf("%s is %s, want %s…", column, hash, test.begin)
				}
				err := bcrypt.CompareHashAndPassword([]byte(hash), []byte(password))
				if strings.HasPrefix(hash, "$2") && err != nil {
					t.Errorf("%s: %v", column, err)
				}
			}
		})
	}
}
