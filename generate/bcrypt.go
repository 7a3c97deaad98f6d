package generate

import (
	"encoding/base64"
	"encoding/binary"
	"fmt"

	//lint:ignore SA1019 bcrypt is made of it
	"golang.org/x/crypto/blowfish"

	"github.com/seedkit/seedkit/internal/chance"
	"github.com/seedkit/seedkit/internal/model"
	"github.com/seedkit/seedkit/internal/timeform"
)

// Bcrypt hashes a password with bcrypt ($2b$, cost 10, in the form of bcryptjs; in an app of Laravel
// $2y$). The salt depends only on the seed and the password, so that every run returns the same
// hash.
// golang.org/x/crypto/bcrypt accepts no salt, but it verifies these hashes.
func Bcrypt(password string) func(*Fake) any {
	return func(f *Fake) any { return f.Bcrypt(password) }
}

// passwords hashes every distinct password once.
type passwords struct {
	seed   string
	prefix string // of the hashes
	hashes map[string]string
}

func newPasswords(seed string, m *model.Model) *passwords {
	p := &passwords{seed: seed, prefix: "$2b$", hashes: map[string]string{}}
	// For PHP a hash with $2b$ has an unknown algorithm, and so Laravel refuses it. The prefix is
	// all that differs.
	if timeform.FrameworkOf(m.Schema()).Name == "Laravel" {
		p.prefix = "$2y$"
	}
	return p
}

func (p *passwords) hash(password string) (string, error) {
	if hash, ok := p.hashes[password]; ok {
		return hash, nil
	}
	random := chance.New(chance.Hash(p.seed, "bcrypt", password))
	var salt [16]byte
	binary.BigEndian.PutUint64(salt[:8], random.Uint64())
	binary.BigEndian.PutUint64(salt[8:], random.Uint64())
	hash, err := bcryptHash(password, p.prefix, salt)
	if err == nil {
		p.hashes[password] = hash
	}
	return hash, err
}

const (
	bcryptCost      = 10
	bcryptMaxLength = 72 // bcrypt ignores further bytes of a password
)

// bcryptEncoding is base64 with the alphabet of bcrypt.
var bcryptEncoding = base64.NewEncoding(
	"./ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789",
).WithPadding(base64.NoPadding)

func bcryptHash(password, prefix string, salt [16]byte) (string, error) {
	if len(password) > bcryptMaxLength {
		return "", fmt.Errorf("the password has %d bytes, bcrypt reads no more than %d",
			len(password), bcryptMaxLength)
	}
	key := append([]byte(password), 0)
	cipher, err := blowfish.NewSaltedCipher(key, salt[:])
	if err != nil {
		return "", fmt.Errorf("bcrypt: %w", err)
	}
	for range 1 << bcryptCost {
		blowfish.ExpandKey(key, cipher)
		blowfish.ExpandKey(salt[:], cipher)
	}
	text := []byte("OrpheanBeholderScryDoubt")
	for i := 0; i < len(text); i += blowfish.BlockSize {
		for range 64 {
			cipher.Encrypt(text[i:i+8], text[i:i+8])
		}
	}
	// The original implementation drops the last byte, and so does every other one.
	return fmt.Sprintf("%s%02d$%s%s", prefix, bcryptCost, bcryptEncoding.EncodeToString(salt[:]),
		bcryptEncoding.EncodeToString(text[:23])), nil
}
