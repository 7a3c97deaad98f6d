package apply

import (
	"fmt"

	"github.com/seedkit/seedkit/internal/seed"
	"github.com/seedkit/seedkit/internal/sqlite"
)

// Counter is the counter of an AUTOINCREMENT table of the target, the highest id that the table has
// given out, which the seed's counter raises. Ids that the seed has given out are not given out
// again.
type Counter struct {
	Table string `json:"table"`
	From  int64  `json:"from"` // after the insertion of the rows
	To    int64  `json:"to"`
}

// counters returns the counters in c, which has the new rows, that are lower than the seed's.
func (r *run) counters(c *sqlite.Conn) (lower []Counter, err error) {
	for _, t := range r.tables {
		if !t.there.Autoincrement {
			continue
		}
		counter := Counter{Table: t.there.Name}
		if counter.To, err = seed.Counter(r.seed.Conn, t.seed); err == nil {
			counter.From, err = seed.Counter(c, t.there)
		}
		if err != nil {
			return nil, fmt.Errorf("read the counter of table %s: %w", t.there.Name, err)
		}
		if counter.From < counter.To {
			lower = append(lower, counter)
		}
	}
	return lower, nil
}

// raiseCounters raises the counters of the target that are lower than the seed's.
func (r *run) raiseCounters() error {
	lower, err := r.counters(r.dst)
	if err != nil {
		return err
	}
	for _, counter := range lower {
		for _, statement := range seed.Raises(counter.Table, counter.To) {
			if err := r.dst.Exec(string(statement)); err != nil {
				return fmt.Errorf("raise the counter of table %s: %w", counter.Table, err)
			}
		}
	}
	return nil
}

// checkCounters looks for counters that are lower than the seed's.
func (r *run) checkCounters() error {
	lower, err := r.counters(r.dst)
	if err != nil || len(lower) == 0 {
		return err
	}
	return fmt.Errorf("the counter of table %s is %d where %d was expected",
		lower[0].Table, lower[0].From, lower[0].To)
}
