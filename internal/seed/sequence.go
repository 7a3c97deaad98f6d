package seed

import (
	"bytes"
	"slices"
	"strconv"
	"strings"

	"github.com/seedkit/seedkit/internal/schema"
	"github.com/seedkit/seedkit/internal/sqlite"
	"github.com/seedkit/seedkit/internal/sqltext"
)

// SequenceTable is the table in which SQLite keeps the counter of each AUTOINCREMENT table: the
// highest id that the table has given out (https://sqlite.org/autoinc.html).
const SequenceTable = "sqlite_sequence"

// Counter returns a table's counter. It is 0 if the table has given out no id, or is not
// AUTOINCREMENT.
func Counter(c *sqlite.Conn, t *schema.Table) (int64, error) {
	if !t.Autoincrement {
		return 0, nil
	}
	const highest = `SELECT coalesce(max(CAST(seq AS INTEGER)), 0)
		FROM sqlite_sequence WHERE name = ?`
	return c.Int64(highest, t.Name)
}

// raises are the statements that raise a counter and never lower it. ?1 is the table's name, ?2 the
// least value for the counter. Both statements are necessary: a table that has given out no id has
// no row in sqlite_sequence, and sqlite_sequence has no unique key for an upsert.
var raises = []string{
	"UPDATE sqlite_sequence SET seq = max(seq, ?2) WHERE name = ?1",
	"INSERT INTO sqlite_sequence (name, seq) SELECT ?1, ?2 " +
		"WHERE NOT EXISTS (SELECT 1 FROM sqlite_sequence WHERE name = ?1)",
}

// Raises returns the statements that raise a table's counter to at least the given value, each with
// its semicolon and its line end. Their INSERT is the only one with a SELECT that seedkit accepts
// in any script.
func Raises(table string, counter int64) (statements [][]byte) {
	name := string(sqltext.AppendPortableText(nil, []byte(table)))
	values := strings.NewReplacer("?1", name, "?2", strconv.FormatInt(counter, 10))
	for _, form := range raises {
		statements = append(statements, []byte(values.Replace(form)+";\n"))
	}
	return statements
}

// sets are the statements with which Navicat's dumps set a counter.
var sets = []string{
	"UPDATE sqlite_sequence SET seq = ?2 WHERE name = ?1",
	"UPDATE main.sqlite_sequence SET seq = ?2 WHERE name = ?1",
}

// setsCounter reports whether a statement is one of sets or one that [Raises] makes, with any white
// space and comments between its tokens.
func setsCounter(statement []byte) bool {
	has := func(form string) bool {
		m := formMatch{statement: statement, form: []byte(form)}
		return m.matches()
	}
	return slices.ContainsFunc(raises, has) || slices.ContainsFunc(sets, has)
}

// setCounter runs a statement that sets or raises a counter.
func (p *player) setCounter(s sqltext.Statement) error {
	if err := p.needSchema(); err != nil {
		return err
	}
	return p.c.Exec(string(s.Text))
}

// deleteCounters runs the DELETE with which dumps begin the rows of sqlite_sequence. In some dumps
// it comes before the tables.
func (p *player) deleteCounters(s sqltext.Statement) error {
	if err := p.needOwn(SequenceTable); err != nil {
		return err
	}
	return p.c.Exec(string(s.Text))
}

// formMatch compares a statement with a form.
type formMatch struct {
	statement, form []byte // The parts that are not compared yet.
	literals        sqltext.LiteralReader
	name            []byte // The value of ?1; nil before its first use.
}

func (m *formMatch) matches() bool {
	for {
		var want, got []byte
		want, m.form = cutToken(m.form)
		switch string(want) {
		case "":
			got, m.statement = cutToken(m.statement)
			return len(got) == 0 || string(got) == ";"
		case "?1":
			if !m.matchesName() {
				return false
			}
		case "?2":
			if _, ok := m.literal(sqltext.Integer); !ok {
				return false
			}
		default:
			if got, m.statement = cutToken(m.statement); !bytes.EqualFold(unquoted(got), want) {
				return false
			}
		}
	}
}

// matchesName reports whether a text literal comes next that has the same value at each use of ?1.
func (m *formMatch) matchesName() bool {
	value, ok := m.literal(sqltext.Text)
	if !ok || m.name != nil && !bytes.Equal(value.Bytes, m.name) {
		return false
	}
	m.name = bytes.Clone(value.Bytes)
	return true
}

func (m *formMatch) literal(kind sqltext.Type) (sqltext.Value, bool) {
	value, n, err := m.literals.Read(m.statement)
	if err != nil || value.Type != kind {
		return sqltext.Value{}, false
	}
	m.statement = m.statement[n:]
	return value, true
}

// cutToken returns the first token that is neither white space nor a comment, and the text after
// it.
func cutToken(sql []byte) (token, rest []byte) {
	for {
		kind, n := sqltext.NextToken(sql)
		if kind != sqltext.TokSpace && kind != sqltext.TokComment {
			return sql[:n], sql[n:]
		}
		sql = sql[n:]
	}
}

// unquoted removes the quotes around a quoted name. It returns other tokens unchanged.
func unquoted(token []byte) []byte {
	if kind, n := sqltext.NextToken(token); kind == sqltext.TokQuotedName {
		return token[1 : n-1]
	}
	return token
}
