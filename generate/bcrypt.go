package generate

import (
	"encoding/base64"
	"fmt"

	//lint:ignore SA1019 bcrypt is made of it
	"golang.org/x/crypto/blowfish"
)

const (
	bcryptCost      = 10
	bcryptMaxLength = 72 // bcrypt ignores further bytes of a password
)

// bcryptEncoding is base64 with the alphabet of bcrypt.
var bcryptEncoding = base64.NewEncoding(
	"./ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789",
).WithPadding(base64.NoPadding)

// bcryptHash hashes a password. version is the name of the algorithm, such as $2b$: every version
// gives the same hash.
func bcryptHash(version, password string, salt [16]byte) (string, error) {
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
	return fmt.Sprintf("%s%02d$%s%s", version, bcryptCost, bcryptEncoding.EncodeToString(salt[:]),
		bcryptEncoding.EncodeToString(text[:23])), nil
}
