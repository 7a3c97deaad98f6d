package extract

import (
	"fmt"
	"slices"

	"github.com/seedkit/seedkit/internal/schema"
	"github.com/seedkit/seedkit/internal/seed"
	"github.com/seedkit/seedkit/internal/sqlite"
)

// raiseCounters writes the statements that raise the counters of AUTOINCREMENT
// tables, where neither the rows that were written do so nor the baseline has:
// ids that the seed has given out, and whose rows it has deleted, are not to
// be given out again. reached is the highest id that was written, by table.
func (r *run) raiseCounters(out output, reached map[string]int64) error {
	for _, t := range r.tables {
		counter, err := seed.Counter(r.seed.Conn, t)
		if err != nil {
			return fmt.Errorf("read the counter of table %s: %w", t.Name, err)
		}
		name, there, err := r.counterThere(t)
		if err != nil {
			return err
		}
		if name == "" || counter <= max(there, reached[t.Name]) {
			continue
		}
		if err := r.raiseCounter(out, name, counter); err != nil {
			return err
		}
	}
	return nil
}

// counterThere returns the name and the counter that a table has where the
// rows go; no name if it has no counter there.
func (r *run) counterThere(t *schema.Table) (name string, counter int64, err error) {
	if r.baseline == nil {
		return t.Name, 0, nil
	}
	there := r.inBaseline(t)
	if there == nil || !there.Autoincrement {
		return "", 0, nil
	}
	counter, err = seed.Counter(r.baseline, there)
	if err != nil {
		err = fmt.Errorf("read the baseline's counter of table %s: %w", t.Name, err)
	}
	return there.Name, counter, err
}

func (r *run) raiseCounter(out output, table string, counter int64) error {
	for _, statement := range seed.Raises(table, counter) {
		bytes, most := len(statement)-len("\n"), r.opts.MaxStatementBytes
		if most > 0 && bytes > most {
			return &TooLongError{Table: seed.SequenceTable, Key: fmt.Sprintf("name = %s", appendLiteral(nil, sqlite.String(table))), Bytes: bytes, Max: most}
		}
		if err := out.Statement(statement); err != nil {
			return err
		}
	}
	return nil
}

// countedColumn returns where the id is in a row of an AUTOINCREMENT table, -1
// for any other table.
func countedColumn(t *schema.Table) int {
	if !t.Autoincrement {
		return -1
	}
	return slices.Index(t.Stored(), t.RowidAlias)
}

// reached returns the highest id of each table that rows were written of.
func (s *streamer) reached() map[string]int64 {
	ids := map[string]int64{}
	for _, t := range s.targets {
		ids[t.name] = t.last
	}
	return ids
}

// proveCounters holds that no counter is lower than the seed's.
func (r *run) proveCounters(c *sqlite.Conn, got *schema.Schema) error {
	for _, t := range r.tables {
		there := got.Table(t.Name)
		if there == nil || !there.Autoincrement {
			continue
		}
		want, err := seed.Counter(r.seed.Conn, t)
		if err != nil {
			return err
		}
		counter, err := seed.Counter(c, there)
		if err != nil {
			return err
		}
		if counter < want {
			return &ProofError{Table: t.Name, Msg: fmt.Sprintf("ids count on from %d, and should from %d", counter, want)}
		}
	}
	return nil
}
