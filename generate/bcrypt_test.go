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

// TestBcryptForLaravel checks for the prefix without which PHP does not know a hash.
func TestBcryptForLaravel(t *testing.T) {
	const schema = "CREATE TABLE users(id INTEGER PRIMARY KEY, password VARCHAR NOT NULL);" +
		"CREATE TABLE password_reset_tokens(email VARCHAR PRIMARY KEY, token VARCHAR NOT NULL)"
	hash := write(t, options(schema, func(s *generate.Fixtures) {
		s.Add("users", "ada", generate.Row{"password": generate.Bcrypt("secret")})
	})).one("SELECT password FROM users")
	if !strings.HasPrefix(hash, "$2y$10$") {
		t.Errorf("%s is not as Laravel writes it", hash)
	}
	if err := bcrypt.CompareHashAndPassword([]byte(hash), []byte("secret")); err != nil {
		t.Error(err)
	}
}
