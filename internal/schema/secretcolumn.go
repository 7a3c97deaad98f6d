package schema

import (
	"slices"
	"strings"
	"unicode"
)

// secretWords are the last words in the names of columns that hold secrets, such as passwordHash
// and reset_token.
var secretWords = []string{
	"apikey", "credential", "credentials", "hash", "otp", "passphrase", "passwd", "password", "pin",
	"pwd", "salt", "secret", "secrets", "token", "tokens", "totp",
}

// secretPairs are pairs of last words in the names of such columns.
var secretPairs = []string{
	"access key", "api key", "backup codes", "encrypted key", "encryption key", "password digest",
	"private key", "recovery code", "recovery codes", "secret key", "signing key",
}

// IsSecret reports whether a column's name says that the column holds secrets. Only the last words
// count: tokenType and password_changed_at hold no secrets.
func IsSecret(column string) bool {
	words := Words(column)
	if len(words) == 0 {
		return false
	}
	if slices.Contains(secretWords, words[len(words)-1]) {
		return true
	}
	return len(words) > 1 && slices.Contains(secretPairs, strings.Join(words[len(words)-2:], " "))
}

// isLower reports whether there is a lower-case letter at i.
func isLower(letters []rune, i int) bool { return i < len(letters) && unicode.IsLower(letters[i]) }

// Words returns the words of a name in lower case: userID, user_id and USER-ID have two words.
func Words(name string) []string {
	var words []string
	var word []rune
	end := func() {
		if len(word) > 0 {
			words = append(words, strings.ToLower(string(word)))
		}
		word = nil
	}
	letters := []rune(name)
	for i, r := range letters {
		switch {
		case !unicode.IsLetter(r) && !unicode.IsDigit(r):
			end()
			continue
		case unicode.IsUpper(r) && i > 0 && isLower(letters, i-1),
			unicode.IsUpper(r) && isLower(letters, i+1):
			end()
		}
		word = append(word, r)
	}
	end()
	return words
}
