package generate

import (
	"crypto/sha256"
	"encoding/binary"
)

// stream is a source of random numbers for one cell, splitmix64
// (https://prng.di.unimi.it/splitmix64.c). Seeding it costs nothing, so every cell has its own. It
// is a rand.Source64.
type stream struct{ state uint64 }

const golden = 0x9e3779b97f4a7c15 // 2^64 divided by the golden ratio

func (s *stream) Uint64() uint64 {
	s.state += golden
	return mix(s.state)
}

// Int63 is Uint64 for math/rand.
func (s *stream) Int63() int64 { return int64(s.Uint64() >> 1) }

// Seed does nothing, because the cell determines the stream.
func (s *stream) Seed(int64) {}

func mix(z uint64) uint64 {
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}

// entropy hashes names: the name of the seed, of a table, of a column. entropy and [join] make the
// hash of a path. All values of a row depend on that hash, and not on other rows.
func entropy(names ...string) uint64 {
	h := sha256.New()
	var length [8]byte
	for _, name := range names {
		binary.BigEndian.PutUint64(length[:], uint64(len(name)))
		h.Write(length[:])
		h.Write([]byte(name))
	}
	return binary.BigEndian.Uint64(h.Sum(nil))
}

// join hashes a hash together with the next elements: the next name of a path, the number of a row,
// a column, the number of attempts.
func join(hash uint64, next ...uint64) uint64 {
	for _, n := range next {
		hash = mix(hash ^ mix(n+golden))
	}
	return hash
}

// between returns a number from least to greatest, inclusive.
func between(random uint64, least, greatest int64) int64 {
	span := uint64(greatest) - uint64(least) + 1
	if span == 0 { // the range has all integers
		return int64(random)
	}
	return least + int64(random%span)
}

// base36 returns the lowest digits of n in base 36, as many as requested.
func base36(n uint64, digits int) string {
	const alphabet = "0123456789abcdefghijklmnopqrstuvwxyz"
	out := make([]byte, digits)
	for i := digits - 1; i >= 0; i-- {
		out[i] = alphabet[n%36]
		n /= 36
	}
	return string(out)
}
