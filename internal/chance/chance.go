// Package chance makes streams of random numbers. A stream depends only on its seed. The seed is a
// hash of names and numbers, such as the name of a run, the path of a row and a column. So each
// value has a stream of its own, and no value changes when others are added or removed.
package chance

import (
	"crypto/sha256"
	"encoding/binary"
)

// Stream is a source of random numbers, splitmix64 (https://prng.di.unimi.it/splitmix64.c). A new
// stream costs nothing. Stream is a rand.Source64. The zero Stream is New(0).
type Stream struct{ state uint64 }

// New returns the stream with the given seed.
func New(seed uint64) Stream { return Stream{seed} }

const golden = 0x9e3779b97f4a7c15 // 2^64 divided by the golden ratio

// Uint64 returns the next number.
func (s *Stream) Uint64() uint64 {
	s.state += golden
	return mix(s.state)
}

// Int63 is Uint64 for math/rand.
func (s *Stream) Int63() int64 { return int64(s.Uint64() >> 1) }

// Seed does nothing, because [New] determines the stream.
func (s *Stream) Seed(int64) {}

// Between returns the next number from least to greatest, inclusive.
func (s *Stream) Between(least, greatest int64) int64 {
	return Between(s.Uint64(), least, greatest)
}

// Index returns the next number below n, which is from 1 to 2^31-1. The number is that of Intn of a
// rand.Rand (math/rand) with the stream as its source.
func (s *Stream) Index(n int) int {
	const end = 1 << 31
	excess := uint32(end) % uint32(n) // numbers that would make the least results more likely
	for {
		if random := uint32(s.Uint64() >> 33); random < end-excess {
			return int(random % uint32(n))
		}
	}
}

func mix(z uint64) uint64 {
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}

// Hash returns a hash of names: of the name of a run, of a table, of a column. Their order and
// their borders count. [Join] adds to a hash.
func Hash(names ...string) uint64 {
	h := sha256.New()
	var length [8]byte
	for _, name := range names {
		binary.BigEndian.PutUint64(length[:], uint64(len(name)))
		h.Write(length[:])
		h.Write([]byte(name))
	}
	return binary.BigEndian.Uint64(h.Sum(nil))
}

// Join hashes a hash together with the next elements: the hash of another name, the number of a
// row, the number of attempts. Join costs much less than [Hash].
func Join(hash uint64, next ...uint64) uint64 {
	for _, n := range next {
		hash = mix(hash ^ mix(n+golden))
	}
	return hash
}

// Between maps a random number to the numbers from least to greatest, inclusive.
func Between(random uint64, least, greatest int64) int64 {
	span := uint64(greatest) - uint64(least) + 1
	if span == 0 { // the range has all integers
		return int64(random)
	}
	return least + int64(random%span)
}
