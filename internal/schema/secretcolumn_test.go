package schema

import "testing"

func TestIsSecret(t *testing.T) {
	secret := []string{
		"password", "PASSWORD", "passwd", "hash", "secret", "token", "api_key", "apiKey", "APIKey",
		"apikey", "passwordHash", "password_hash",
		"password_digest", "encrypted_password", "resetToken", "reset-password-token",
		"two_factor_secret", "privateKey", "userPIN", "otp",
	}
	for _, column := range secret {
		if !IsSecret(column) {
			t.Errorf("%s is taken for no secret", column)
		}
	}
	other := []string{
		"id", "name", "key", "", "_", "tokenType", "token_expires_at", "password_changed_at",
		"secretary", "hashtag", "blurhash_width", "opinion",
		"spin", "shipping", "primary_key", "keyboard", "passportNumber",
	}
	for _, column := range other {
		if IsSecret(column) {
			t.Errorf("%s is taken for a secret", column)
		}
	}
}
