package generate

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/seedkit/seedkit/internal/model"
)

// laterIndexes returns the statements that made the schema's indexes, if it pays to make them after
// the rows: SQLite sorts the keys of many rows in half of the time that it takes to insert them one
// by one. It makes all indexes later or none, so that they keep their order. It makes none later if
// something can tell that they are missing: a trigger or a foreign key.
func (w *writer) laterIndexes() (indexes []laterIndex, err error) {
	if w.progress.total < manyRows || !w.keysWithoutIndexes() {
		return nil, nil
	}
	const sql = `SELECT name, tbl_name, sql, EXISTS (SELECT 1 FROM sqlite_schema
			WHERE type = 'trigger' OR name LIKE 'sqlite\_stat%' ESCAPE '\')
		FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL ORDER BY rowid`
	for row, err := range w.scratch.c.Query(sql) {
		if err != nil {
			return nil, fmt.Errorf("read the indexes: %w", err)
		}
		if row.Bool(3) || w.model.Table(row.Text(1)) == nil {
			return nil, nil
		}
		indexes = append(indexes, laterIndex{row.Text(0), row.Text(2)})
	}
	return indexes, nil
}

type laterIndex struct{ name, sql string }

// keysWithoutIndexes reports whether each foreign key refers to a key that the table itself
// declares. For any other key it needs an index.
func (w *writer) keysWithoutIndexes() bool {
	for _, t := range w.model.Tables {
		for _, fk := range t.Keys {
			if !fk.Inferred && !declares(fk.Parent, fk.Parent.ColumnNames(fk.ParentColumns)) {
				return false
			}
		}
	}
	return true
}

// declares reports whether a table itself declares that columns are a key.
func declares(t *model.Table, columns []string) bool {
	columns = slices.Sorted(slices.Values(columns))
	for _, u := range t.Schema.Uniques {
		own := u.Index == "" || strings.HasPrefix(u.Index, "sqlite_autoindex_")
		if own && slices.Equal(columns, slices.Sorted(slices.Values(u.Columns))) {
			return true
		}
	}
	return false
}

func (w *writer) dropIndexes(indexes []laterIndex) error {
	for _, index := range indexes {
		if err := w.scratch.c.Exec("DROP INDEX " + quote(index.name)); err != nil {
			return fmt.Errorf("make the index %s later: %w", index.name, err)
		}
	}
	return nil
}

// makeIndexes makes the indexes of rows that are right otherwise.
func (w *writer) makeIndexes(ctx context.Context, indexes []laterIndex) error {
	if len(indexes) == 0 {
		return nil
	}
	if len(w.why) > 0 {
		return errCarefully
	}
	// With a small cache SQLite sorts on several threads.
	if err := w.scratch.c.Exec("PRAGMA cache_size = -2000"); err != nil {
		return err
	}
	for _, index := range indexes {
		if err := w.scratch.c.Exec(index.sql); err != nil {
			if ctx.Err() != nil {
				return ctx.Err()
			}
			return errCarefully
		}
	}
	return nil
}
