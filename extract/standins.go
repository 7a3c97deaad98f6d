package extract

import (
	"fmt"

	"github.com/seedkit/seedkit/internal/schema"
	"github.com/seedkit/seedkit/internal/sqlite"
)

// noteStandIns notes what the proof on c did without.
func (r *run) noteStandIns(c *sqlite.Conn) error {
	used, err := c.StandIns()
	if err != nil {
		return fmt.Errorf("list what stands in for the app's own: %w", err)
	}
	for _, missing := range used {
		r.without = append(r.without, missing.String())
	}
	from := c
	if r.source != nil {
		r.without = append(r.without, r.source.Lacking...)
	} else {
		from = r.seed.Conn
	}
	foreign, err := schema.ReadForeign(from)
	if err != nil {
		return err
	}
	r.without = append(r.without, foreign.Lacking()...)
	return nil
}
