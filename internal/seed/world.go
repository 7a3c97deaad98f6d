package seed

import (
	"context"
	"hash/crc32"
	"math/rand/v2"
	"time"

	"github.com/seedkit/seedkit/internal/sqlite"
)

// DefaultNow is the present of scratch databases. It never moves, so that
// yesterday's seed is today's.
var DefaultNow = time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC)

// World is what the SQL of a seed and of migrations sees wherever seedkit runs
// it: the time is now, and each script draws the same numbers on every run. So
// the rows that a migration makes are the same in a seed that was generated
// upon it, in the baseline, and in the proof.
func World(now time.Time) sqlite.World {
	chance := rand.NewPCG(0, 0)
	return sqlite.World{
		Now:    func() time.Time { return now },
		Random: chance.Uint64,
		Script: func(n int64) { chance.Seed(uint64(n), 0) },
	}
}

// OpenScratch opens a private database in the world of [DefaultNow].
func OpenScratch(ctx context.Context) (*sqlite.Conn, error) {
	return sqlite.OpenReproducible(ctx, World(DefaultNow))
}

// scriptChance decides what the statements of a seed's script draw: the script
// itself does, up to each of them. So another script draws something else, and
// so do the migrations, whose numbers are not below zero.
type scriptChance uint32

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// next returns the number of the script that a statement stands for.
func (c *scriptChance) next(statement []byte) int64 {
	*c = scriptChance(crc32.Update(uint32(*c), castagnoli, statement))
	return ^int64(*c)
}
