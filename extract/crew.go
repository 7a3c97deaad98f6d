package extract

import (
	"bytes"
	"math"
	"runtime"
	"sync"
	"sync/atomic"

	"github.com/seedkit/seedkit/internal/sqltext"
)

// crew copies INSERTs like the one before, on as many goroutines as there are
// processors: its members. They take turns, first at lifting a block of the
// script, then, in the same order, at handing in what they have made of it.
//
// Where a block begins is a guess: the line may be part of a string. It is
// right if the block before can be read to its end. The first that cannot, and
// those behind it, go back to the script.
type crew struct {
	s       *streamer
	script  *sqltext.Splitter
	members []*member
	stopped atomic.Bool
	left    [][]byte // what goes back
}

// member has what a goroutine works with. It is a turn of the member's when
// there is something in the channel of that name.
type member struct {
	copier       rowCopier
	block        []byte
	progress     progress
	lift, handIn chan struct{}
}

const (
	// mostMembers is how many are of use: blocks are read, and written, one
	// after the other.
	mostMembers = 4

	// worthCrew is how long a table's rows have to be before a crew is to go
	// on with them.
	worthCrew = sqltext.LiftSize / 2
)

// newCrew returns a crew, or nil where it would have only one member.
func newCrew(s *streamer) *crew {
	n := min(runtime.GOMAXPROCS(0), mostMembers)
	if n == 1 {
		return nil
	}
	c := &crew{s: s}
	for range n {
		c.members = append(c.members, &member{
			block:  make([]byte, sqltext.LiftSize),
			copier: rowCopier{gathered: newGathered(2 * sqltext.LiftSize)}, // of which seldom all is used
		})
	}
	return c
}

// take takes INSERTs from the script.
func (c *crew) take(script *sqltext.Splitter) {
	c.script, c.left = script, nil
	c.stopped.Store(false)
	for _, m := range c.members {
		m.lift, m.handIn = make(chan struct{}, 1), make(chan struct{}, 1)
	}
	var group sync.WaitGroup
	for i, m := range c.members {
		group.Go(func() { c.work(m, c.members[(i+1)%len(c.members)]) })
	}
	c.members[0].lift <- struct{}{}
	c.members[0].handIn <- struct{}{}
	group.Wait()
	script.Restore(c.left...)
}

// work is what a member does, until there are no more blocks. It says when it
// is the next one's turn.
func (c *crew) work(m, next *member) {
	for {
		<-m.lift
		text := c.liftTo(m.block)
		next.lift <- struct{}{}
		if len(text) == 0 {
			return
		}
		taken := c.copy(m, text)
		<-m.handIn
		c.accept(m, text, taken)
		next.handIn <- struct{}{}
	}
}

func (c *crew) liftTo(block []byte) []byte {
	if c.stopped.Load() || c.s.ctx.Err() != nil {
		return nil
	}
	return c.script.Lift(block, c.s.head)
}

// copy makes INSERTs of a text as if no rows were before them. It returns the
// length of what it could read.
func (c *crew) copy(m *member, text []byte) int {
	t := c.s.current
	m.progress.begin(t)
	m.copier.reset()
	n := m.copier.copyInserts(text, c.s.head, t, &m.progress, math.MaxInt)
	return skipSpace(text, n)
}

// accept writes what was made of a text, if it stands behind what was written
// before.
func (c *crew) accept(m *member, text []byte, taken int) {
	if c.stopped.Load() || !c.s.current.join(&m.progress) {
		taken = 0
	} else {
		c.s.err = c.s.out.write(&m.copier.gathered)
	}
	c.script.Pass(text[:taken])
	if taken < len(text) || c.s.err != nil {
		c.stopped.Store(true)
		c.left = append(c.left, text[taken:])
	}
}

// continues reports whether the script goes on with an INSERT of that head.
func continues(script *sqltext.Splitter, head []byte) bool {
	ahead := script.Ahead()
	return bytes.HasPrefix(ahead[skipSpace(ahead, 0):], head)
}
