package seed

import (
	"context"
	"hash/fnv"
	"io"
	"math/rand/v2"
	"time"

	"github.com/seedkit/seedkit/internal/sqlite"
)

// DefaultNow is the present in scratch databases. It is fixed, so that a seed gives the same rows
// on every day.
var DefaultNow = time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC)

// World returns what the SQL of a seed's schema and of migrations sees wherever seedkit runs it:
// the time is now, and each script draws the same random numbers on every run. So a migration makes
// the same rows in a generated seed, in the baseline, and in the proof.
func World(now time.Time) sqlite.World {
	chance := rand.NewPCG(0, 0)
	return sqlite.World{
		Now:    func() time.Time { return now },
		Random: chance.Uint64,
		Script: func(n int64) { chance.Seed(uint64(n), 0) },
	}
}

// OpenScratch opens a private database whose time is [DefaultNow].
func OpenScratch(ctx context.Context) (*sqlite.Conn, error) {
	return sqlite.OpenScratch(ctx, World(DefaultNow))
}

// scriptChance gives a seed's script its random numbers. They depend on the script: on the text or
// the values of the part that draws, and on the parts before it that drew. So two scripts do not
// draw the same ids for different rows, nor do a script and a migration.
type scriptChance struct {
	now  time.Time
	pcg  rand.PCG
	sum  uint64          // Depends on the parts that drew.
	part func(io.Writer) // Writes the current part; nil after the part has drawn.
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
