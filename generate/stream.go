package generate

import (
	"crypto/sha256"
	"encoding/binary"
)

// stream is a source of random numbers for one cell, splitmix64
// (https://prng.di.unimi.it/splitmix64.c): it costs nothing to seed, and every
// cell has its own. It is a rand.Source64.
type stream struct{ state uint64 }

func (s *stream) Uint64() uint64 {
	s.state += 0x9e3779b97f4a7c15
	return mix(s.state)
}

// Int63 is Uint64 for math/rand.
func (s *stream) Int63() int64 { return int64(s.Uint64() >> 1) }

// Seed does nothing: a cell's stream is set by what the cell is.
func (s *stream) Seed(int64) {}

func mix(z uint64) uint64 {
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}

// entropy hashes what identifies a cell: the seed, the row's path and the
// column, and whatever else tells two draws apart. Nothing else decides what
// is generated, so no row depends on the rows around it.
func entropy(parts ...string) uint64 {
	h := sha256.New()
	var length [8]byte
	for _, part := range parts {
		binary.BigEndian.PutUint64(length[:], uint64(len(part)))
		h.Write(length[:])
		h.Write([]byte(part))
	}
	return binary.BigEndian.Uint64(h.Sum(nil))
}

// between returns a number from min to max, both included.
func between(random uint64, min, max int) int {
	return min + int(random%uint64(max-min+1))
}

// base36 returns the lowest digits of n in base 36, as many as wanted.
func base36(n uint64, digits int) string {
	const alphabet = "0123456789abcdefghijklmnopqrstuvwxyz"
	out := make([]byte, digits)
	for i := digits - 1; i >= 0; i-- {
		out[i] = alphabet[n%36]
		n /= 36
	}
	return string(out)
}
