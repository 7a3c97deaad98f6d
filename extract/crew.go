package extract

import (
	"runtime"
	"sync"
	"sync/atomic"

	"github.com/seedkit/seedkit/internal/sqltext"
)

// crew copies INSERTs like the one before, on some goroutines: its members.
// They take turns, first at lifting a block of the script, then, in the same
// order, at handing in what they have made of it.
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

// member has what a goroutine works with. A token in lift, or in handIn, says
// that it is the member's turn to do so.
type member struct {
	copier       *rowCopier
	block        []byte
	text         []byte // of the block, that is not taken yet
	taken        int    // how much of it the INSERTs were made of that are gathered
	progress     progress
	lift, handIn chan struct{}
}

const (
	// mostMembers is how many there are where there are as many processors.
	// Each takes 600 KB, and one more would save little: blocks are read, and
	// written, one after the other.
	mostMembers = 2

	// mostGathered is how many bytes a member gathers before it waits for its
	// turn.
	mostGathered = 320 << 10

	// worthCrew is how long a table's rows have to be before a crew is to go
	// on with them.
	worthCrew = sqltext.LiftSize / 2
)

// newCrew returns a crew, or nil where it would have only one member. The first
// works with the streamer's copier, which has nothing to do then.
func newCrew(s *streamer) *crew {
	n := min(runtime.GOMAXPROCS(0), mostMembers)
	if n == 1 {
		return nil
	}
	c := &crew{s: s}
	for copier := &s.copier; len(c.members) < n; copier = new(rowCopier) {
		copier.inserts.reset()
		c.members = append(c.members, &member{copier: copier, block: make([]byte, sqltext.LiftSize)})
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

// work is what a member does, until there are no more blocks: once there is
// none for one, there is none for the others, so that nobody waits for one who
// has left.
func (c *crew) work(m, next *member) {
	for {
		<-m.lift
		m.text = c.liftTo(m.block)
		next.lift <- struct{}{}
		if len(m.text) == 0 {
			return
		}
		c.gather(m)
		<-m.handIn
		for c.accept(m) {
			c.gather(m)
		}
		next.handIn <- struct{}{}
	}
}

func (c *crew) liftTo(block []byte) []byte {
	if c.stopped.Load() || c.s.ctx.Err() != nil {
		return nil
	}
	return c.script.Lift(block, c.s.head)
}

// gather makes INSERTs of a member's text, as if no rows were before them, until
// it has gathered so many that it must wait for its turn.
func (c *crew) gather(m *member) {
	m.progress.begin(c.s.current)
	n := m.copier.copyInserts(m.text, c.s.head, c.s.current, &m.progress, mostGathered)
	m.taken = skipSpace(m.text, n)
}

// accept writes what a member has gathered, if it stands behind what was
// written before. It reports whether there is more to be gathered.
func (c *crew) accept(m *member) bool {
	if c.stopped.Load() || !c.s.current.join(&m.progress) {
		m.taken = 0
	} else {
		c.s.err = c.s.out.write(&m.copier.inserts)
	}
	m.copier.inserts.reset()
	c.script.Pass(m.text[:m.taken])
	m.text = m.text[m.taken:]
	if len(m.text) > 0 && m.taken > 0 && c.s.err == nil {
		return true
	}
	c.giveBack(m.text)
	return false
}

// giveBack gives back what is not taken of a block, if anything.
func (c *crew) giveBack(text []byte) {
	if len(text) > 0 {
		c.left = append(c.left, text)
	}
	if len(text) > 0 || c.s.err != nil {
		c.stopped.Store(true)
	}
}
