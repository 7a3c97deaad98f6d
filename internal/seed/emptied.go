package seed

import (
	"fmt"
	"strings"

	"github.com/seedkit/seedkit/internal/sqlite"
	"github.com/seedkit/seedkit/internal/sqltext"
)

// dropTable runs the DROP that dumps have before a CREATE. It refuses a DROP of a table with rows,
// because that would remove rows of the script. It ignores a DROP of a table that SQLite makes by
// itself.
func (p *player) dropTable(s sqltext.Statement) error {
	_, name := s.Name()
	if shadow, err := p.isShadow(name); shadow || err != nil || sqlite.IsOwnName(name) {
		return err
	}
	if err := p.wantNoRows(s); err != nil {
		return err
	}
	return p.drop(s)
}

// drop runs a DROP. If the source's schema has not been made yet, drop also keeps the statement, to
// run it again after the schema is made.
func (p *player) drop(s sqltext.Statement) error {
	if !p.hasTables {
		p.drops = append(p.drops, string(s.Text))
	}
	p.loader.Close()
	return p.c.Exec(string(s.Text))
}

// delete runs a DELETE with which dumps begin the rows of sqlite_sequence or of a table that the
// script makes. It refuses any other DELETE, because a DELETE that is meant for rows of the target
// would be lost.
func (p *player) delete(s sqltext.Statement) error {
	if _, name := s.Name(); strings.EqualFold(name, SequenceTable) {
		return p.deleteCounters(s)
	}
	if !p.hasTables || p.fromSchema {
		return notASeed(s)
	}
	if err := p.wantNoRows(s); err != nil {
		return err
	}
	return p.c.Exec(string(s.Text))
}

// wantNoRows refuses a statement that would remove rows that the script has inserted.
func (p *player) wantNoRows(s sqltext.Statement) error {
	db, name := s.Name()
	if db == "" {
		db = "main"
	}
	const tables = `SELECT name FROM pragma_table_list(?1)
		WHERE schema = ?2 COLLATE NOCASE AND type IN ('table', 'virtual')`
	for row, err := range p.c.Query(tables, name, strings.ToLower(db)) {
		if err != nil {
			return err
		}
		some, err := p.c.Int64(fmt.Sprintf("SELECT EXISTS (SELECT 1 FROM %s.%s)",
			sqltext.QuoteIdent(db), sqltext.QuoteIdent(row.Text(0))))
		if err != nil {
			return err
		}
		if some != 0 {
			return fmt.Errorf("%w: it takes away rows that were inserted before", notASeed(s))
		}
	}
	return nil
}
