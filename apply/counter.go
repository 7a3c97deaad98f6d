package apply

import (
	"fmt"

	"github.com/seedkit/seedkit/internal/seed"
	"github.com/seedkit/seedkit/internal/sqlite"
)

// Counter is the counter of an AUTOINCREMENT table of the target that the seed's counter raises.
// The counter is the highest id that the table has given out. The raised counter keeps the target
// from giving out an id of the seed again.
type Counter struct {
	Table string `json:"table"`
	// From is the target's counter after the insertion of the rows.
	From int64 `json:"from"`
	// To is the seed's counter.
	To int64 `json:"to"`
}

// counters returns the counters in c that are lower than the seed's. c must have the new rows.
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

// raiseCounters raises the target's counters that are lower than the seed's.
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

// checkCounters returns an error if a counter is lower than the seed's.
func (r *run) checkCounters() error {
	lower, err := r.counters(r.dst)
	if err != nil || len(lower) == 0 {
		return err
	}
	return fmt.Errorf("the counter of table %s is %d where %d was expected",
		lower[0].Table, lower[0].From, lower[0].To)
}
