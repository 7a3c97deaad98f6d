package dump

import (
	"strings"

	"github.com/seedkit/seedkit/internal/schema"
	"github.com/seedkit/seedkit/internal/sqltext"
)

// virtualTable creates a virtual table by its own statement, because D1 allows no writes to the
// schema table. It fills a full-text index with the rows that the index keeps, or from its content
// table. It leaves out, and names in LeftOut, tables of modules that D1 lacks and indexes that keep
// no text.
func (w *d1Dumper) virtualTable(t table) error {
	why := ""
	options := virtualOptionsOf(t.sql)
	switch {
	case options.module != "fts5" && options.module != "fts5vocab":
		why = "D1 has no module " + options.module
	case options.hasContent && options.content == "":
		why = "its index keeps no text"
	}
	if why != "" {
		w.progress.LeftOut = append(w.progress.LeftOut, LeftOut{Table: t.name, Why: why})
		return nil
	}
	w.progress.Table = t.name
	w.progress.Tables++
	err := w.define(t.sql)
	switch {
	case err != nil, w.opts.SchemaOnly, options.module != "fts5":
		return err
	case options.hasContent:
		name := sqltext.QuoteIdent(t.name)
		return w.statement([]byte("INSERT INTO " + name + " (" + name + ") VALUES ('rebuild');\n"))
	}
	return w.indexed(t.name)
}

// indexed writes the rows that an index keeps itself, with their rowids.
func (w *d1Dumper) indexed(name string) error {
	columns, _, err := w.columns(name)
	if err != nil {
		return err
	}
	const rowid = "rowid"
	described := &schema.Table{
		Name: name, PrimaryKey: []string{rowid},
		Uniques: []schema.Unique{{Columns: []string{rowid}, Collations: []string{"BINARY"}}},
	}
	names := append([]string{rowid}, columns...)
	for _, name := range names {
		described.Columns = append(described.Columns, schema.Column{Name: name})
	}
	table := sqltext.QuoteIdent(name)
	query := "SELECT rowid, " + sqltext.QuoteIdents(columns) + " FROM " + table
	head := "INSERT INTO " + table + " (" + sqltext.QuoteIdents(names) + ") VALUES ("
	return w.rowsOf(described, names, head, query)
}

// virtualOptions holds the module of a CREATE VIRTUAL TABLE and the option content.
type virtualOptions struct {
	module     string // in lower case
	hasContent bool   // there is an option content=…
	content    string
}

func virtualOptionsOf(sql string) (o virtualOptions) {
	var before, word string // the last two tokens before the current token
	for text := []byte(sql); len(text) > 0; {
		kind, n := sqltext.NextToken(text)
		token := string(text[:n])
		text = text[n:]
		if kind == sqltext.TokSpace || kind == sqltext.TokComment {
			continue
		}
		switch {
		case o.module == "" && strings.EqualFold(word, "USING"):
			o.module = strings.ToLower(strings.Trim(token, "\"'`[]"))
		case word == "=" && strings.EqualFold(before, "content") && !o.hasContent:
			o.hasContent, o.content = true, strings.Trim(token, "\"'`[]")
		}
		before, word = word, token
	}
	return o
}
