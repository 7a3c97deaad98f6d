package generate

import (
	"crypto/pbkdf2"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"fmt"

	"github.com/seedkit/seedkit/internal/chance"
)

// Bcrypt hashes a password with bcrypt (cost 10). The hash begins with $2y$ where Laravel's tables
// are there, with $2a$ where those of Rails are, and else with $2b$, as bcryptjs writes it. The
// salt depends only on the seed and the password, so that every run returns the same hash.
// golang.org/x/crypto/bcrypt accepts no salt, but it verifies these hashes.
func Bcrypt(password string) func(*Fake) any {
	return func(f *Fake) any { return f.Bcrypt(password) }
}

// PasswordHash hashes a password in the form of the framework whose tables are there: for Django
// with PBKDF2 (pbkdf2_sha256$), and else like [Bcrypt].
func PasswordHash(password string) func(*Fake) any {
	return func(f *Fake) any { return f.PasswordHash(password) }
}

// passwords hashes every distinct password once in each form.
type passwords struct {
	seed      string
	framework string // the name of the app's framework; "" if none is known
	hashes    map[passwordForm]string
}

// passwordForm is the form in which a password is hashed.
type passwordForm struct{ algorithm, password string }

// The algorithms, as the hashes begin.
const (
	bcryptOriginal = "$2b$"
	bcryptPHP      = "$2y$" // PHP knows no other, and so Laravel refuses the others
	bcryptRuby     = "$2a$"
	djangoPBKDF2   = "pbkdf2_sha256$"
)

// bcrypt returns the version of bcrypt that the app's framework writes.
func (p *passwords) bcrypt() (algorithm string) {
	switch p.framework {
	case "Laravel":
		return bcryptPHP
	case "Rails":
		return bcryptRuby
	}
	return bcryptOriginal
}

// usual returns the algorithm of the app's framework.
func (p *passwords) usual() (algorithm string) {
	if p.framework == "Django" {
		return djangoPBKDF2
	}
	return p.bcrypt()
}

func (p *passwords) hash(algorithm, password string) (hash string, err error) {
	form := passwordForm{algorithm, password}
	if hash, ok := p.hashes[form]; ok {
		return hash, nil
	}
	random := chance.New(chance.Hash(p.seed, "bcrypt", password))
	var salt [16]byte
	binary.BigEndian.PutUint64(salt[:8], random.Uint64())
	binary.BigEndian.PutUint64(salt[8:], random.Uint64())
	if algorithm == djangoPBKDF2 {
		hash, err = djangoHash(password, salt)
	} else {
		hash, err = bcryptHash(algorithm, password, salt)
	}
	if err == nil {
		p.hashes[form] = hash
	}
	return hash, err
}

// djangoHash hashes a password as Django does (django/contrib/auth/hashers.py). Django hashes a
// password again at the next login if its own number of iterations is another one.
func djangoHash(password string, random [16]byte) (string, error) {
	const iterations = 600_000 // of Django 4.2
	const letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
	salt := make([]byte, 22)
	for i := range salt {
		half := binary.BigEndian.Uint64(random[i%2*8:])
		salt[i] = letters[half>>(i/2*5)%uint64(len(letters))]
	}
	key, err := pbkdf2.Key(sha256.New, password, salt, iterations, sha256.Size)
	if err != nil {
		return "", fmt.Errorf("PBKDF2: %w", err)
	}
	return fmt.Sprintf("%s%d$%s$%s", djangoPBKDF2, iterations, salt,
		base64.StdEncoding.EncodeToString(key)), nil
}
