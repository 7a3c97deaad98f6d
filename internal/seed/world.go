package seed

import (
	"context"
	"hash/fnv"
	"io"
	"math/rand/v2"
	"time"

	"github.com/seedkit/seedkit/internal/sqlite"
)

// DefaultNow is the present of scratch databases. It never moves, so that
// yesterday's seed is today's.
var DefaultNow = time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC)

// World is what the SQL of a seed's schema and of migrations sees wherever
// seedkit runs it: the time is now, and each script draws the same numbers on
// every run. So the rows that a migration makes are the same in a seed that was
// generated upon it, in the baseline, and in the proof.
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
	return sqlite.OpenScratch(ctx, World(DefaultNow))
}

// scriptChance is what a seed's script draws from. The script decides: what a
// part draws hangs on its text or values and on those before it that drew. So
// two scripts do not draw the same ids for different rows, nor do a script and
// a migration.
type scriptChance struct {
	now  time.Time
	pcg  rand.PCG
	sum  uint64          // of the parts that drew
	part func(io.Writer) // writes the part, if it has not drawn yet
}

func newScriptChance(now time.Time) *scriptChance {
	if now.IsZero() {
		now = DefaultNow
	}
	return &scriptChance{now: now}
}

func (c *scriptChance) world() sqlite.World {
	return sqlite.World{Now: func() time.Time { return c.now }, Random: c.draw}
}

func (c *scriptChance) begin(part func(io.Writer)) { c.part = part }

func (c *scriptChance) draw() uint64 {
	if c.part != nil {
		h := fnv.New64a()
		c.part(h)
		c.part = nil
		c.pcg.Seed(c.sum, h.Sum64())
		c.sum = c.pcg.Uint64()
	}
	return c.pcg.Uint64()
}
