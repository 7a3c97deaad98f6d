package extract

import (
	"fmt"

	"github.com/seedkit/seedkit/internal/schema"
	"github.com/seedkit/seedkit/internal/seed"
	"github.com/seedkit/seedkit/internal/sqlite"
	"github.com/seedkit/seedkit/internal/sqltext"
)

// raiseCounters writes the statements that raise the counters of AUTOINCREMENT tables, unless the
// written rows or the baseline raise them as far. Without these statements, the app's database
// could give out an id again whose row the seed has deleted. reached returns the highest id that
// was written for a table.
func (r *run) raiseCounters(out output, reached func(*schema.Table) (int64, error)) error {
	for _, t := range r.tables {
		counter, err := seed.Counter(r.seed.Conn, t)
		if err != nil {
			return fmt.Errorf("read the counter of table %s: %w", t.Name, err)
		}
		name, there, err := r.counterThere(t)
		if err != nil {
			return err
		}
		if name == "" || counter <= there {
			continue
		}
		highest, err := reached(t)
		if err != nil {
			return err
		}
		if counter <= highest {
			continue
		}
		if err := r.raiseCounter(out, name, counter); err != nil {
			return err
		}
		r.raised = true
	}
	return nil
}

// counterThere returns the name and the counter of a table in the database that the rows go to. It
// returns no name if the table has no counter there.
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
			key := keyText([]string{"name"}, []sqlite.Value{sqlite.String(table)})
			return &TooLongError{Table: seed.SequenceTable, Key: key, Bytes: bytes, Max: most}
		}
		if err := out.Statement(statement); err != nil {
			return err
		}
	}
	return nil
}

// reached returns the highest id of the table's rows. It returns 0 if rows may give way to the
// baseline's, because then the row with the highest id may not be written.
func (r *run) reached(t *schema.Table) (int64, error) {
	if r.opts.OnConflict == Skip && r.baseline != nil {
		return 0, nil
	}
	id, err := r.seed.Conn.Int64(fmt.Sprintf("SELECT coalesce(max(%s), 0) FROM %s",
		sqltext.QuoteIdent(t.RowidAlias), sqltext.QuoteIdent(t.Name)))
	if err != nil {
		err = fmt.Errorf("read the highest id of table %s: %w", t.Name, err)
	}
	return id, err
}

// proveCounters checks that no counter is lower than the seed's.
func (r *run) proveCounters(c *sqlite.Conn) error {
	got, err := schema.Read(c)
	if err != nil {
		return err
	}
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
			return mismatch(t, "ids count on from %d, and should from %d", counter, want)
		}
	}
	return nil
}
