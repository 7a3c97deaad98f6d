package generate

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/seedkit/seedkit/internal/schema"
	"github.com/seedkit/seedkit/internal/sqlite"
)

// reset forgets the row's generated values.
func (r *row) reset() { r.cells = map[string]sqlite.Value{} }

// values generates all cells of a row that are inserted.
func (e *engine) values(r *row) (values []sqlite.Value, err error) {
	defer func() {
		switch p := recover().(type) {
		case nil:
		case abort:
			err = &FixtureError{File: r.at.file, Line: r.at.line, Path: r.path, Msg: p.msg}
		default:
			panic(p)
		}
	}()
	for _, column := range r.table.Stored() {
		values = append(values, e.cell(r, column))
	}
	return values, nil
}

// cell returns a cell's value; it generates it the first time.
func (e *engine) cell(r *row, name string) sqlite.Value {
	column, ok := r.table.Column(name)
	if !ok {
		e.abort(r, "table %s has no column %q%s", r.table.Name, name, didYouMean(name, r.table.ColumnNames()))
	}
	if v, ok := r.cells[column.Name]; ok {
		return v
	}
	if r.busy[column.Name] {
		e.abort(r, "the value of column %q depends on itself", column.Name)
	}
	r.busy[column.Name] = true
	defer delete(r.busy, column.Name)
	v := e.generate(r, column)
	r.cells[column.Name] = v
	return v
}

func (e *engine) generate(r *row, column schema.Column) sqlite.Value {
	if ref, ok := r.fixed[column.Name]; ok {
		return e.cell(ref.row, ref.column)
	}
	value, ok := r.declared[column.Name]
	if !ok {
		return e.absent(r, column)
	}
	if lazy, ok := value.(func(*Fake) any); ok {
		value = e.draw(r, column.Name, lazy)
	}
	return e.encode(r, column.Name, value)
}

// draw calls fn with the cell's own stream of chance. Cells can ask for other
// cells, so the stream that was in use is put back.
func (e *engine) draw(r *row, column string, fn func(*Fake) any) any {
	r.drawn[column] = true
	outer := e.stream
	defer func() { e.stream = outer }()
	e.stream = stream{state: entropy(e.seed, r.path, column, fmt.Sprint(r.attempt))}
	return fn(&Fake{engine: e, row: r, column: column, stream: &e.stream, words: e.words})
}

// encode makes a value of SQLite's of one that a fixture gives.
func (e *engine) encode(r *row, column string, value any) sqlite.Value {
	switch value := value.(type) {
	case time.Time:
		return e.report.Datetime.encode(value)
	case Ref:
		return e.refer(r, column, value)
	}
	v, err := sqlite.ValueOf(value)
	if err != nil {
		e.abort(r, "column %q: %v", column, err)
	}
	return v
}

// refer returns the value by which column refers to the row that ref names:
// that of the column which the foreign key names; where there is no such key,
// the row's primary key.
func (e *engine) refer(r *row, column string, ref Ref) sqlite.Value {
	to := e.find(ref)
	if to == nil {
		e.abort(r, "column %q refers to %s, which no fixture declares%s", column, ref.path(), e.nearPath(ref))
	}
	return e.cell(to, e.referred(r, column, to))
}

// referred returns the column of to that a reference in r's column means.
func (e *engine) referred(r *row, column string, to *row) string {
	for _, fk := range r.table.ForeignKeys {
		if i := slices.Index(fk.Columns, column); i >= 0 && fk.Parent == to.table.Name {
			return fk.ParentColumns[i]
		}
	}
	if len(to.table.PrimaryKey) != 1 {
		e.abort(r, "column %q refers to %s, whose table has no primary key of one column", column, to.path)
	}
	return to.table.PrimaryKey[0]
}

// cellOf returns a cell as a Go value, for other cells to build on.
func (e *engine) cellOf(f *Fake, r *row, column string) any {
	switch v := e.cell(r, column); v.Kind() {
	case sqlite.Integer:
		return v.Int64()
	case sqlite.Real:
		return v.Float64()
	case sqlite.Text:
		return v.Data()
	case sqlite.Blob:
		return []byte(v.Data())
	}
	return nil
}

// volatile finds what makes a default differ from run to run. SQLite must not
// evaluate those: their time is not the clock's, their chance not ours.
var volatile = regexp.MustCompile(`(?i)\b(current_timestamp|current_date|current_time|random|randomblob|unixepoch|julianday|datetime|date|time|strftime)\b`)

// absent generates a cell that the fixture does not give.
func (e *engine) absent(r *row, column schema.Column) sqlite.Value {
	switch {
	case column.Name == r.table.RowidAlias:
		return e.integerID(r, column.Name)
	case column.Default != "" && !volatile.MatchString(column.Default):
		return e.defaultValue(r, column)
	case column.Default != "" && isDatetime(column):
		return e.report.Datetime.encode(e.now)
	}
	if fk := foreignKeyOf(r.table, column.Name); fk != nil {
		return e.pickParent(r, column, *fk)
	}
	if slices.Equal(r.table.PrimaryKey, []string{column.Name}) && affinity(column) == sqlite.Text {
		return sqlite.String(e.draw(r, column.Name, func(f *Fake) any { return e.ids.make(e.created(r), f.stream) }).(string))
	}
	return e.encode(r, column.Name, e.draw(r, column.Name, func(f *Fake) any { return guess(f, r.table, column) }))
}

func (e *engine) integerID(r *row, column string) sqlite.Value {
	block := strings.TrimSuffix(r.path, fmt.Sprintf("#%d", r.number))
	r.drawn[column] = true
	return sqlite.Int(integerID(entropy(e.seed, block, column, fmt.Sprint(r.attempt)), r.number))
}

// defaultValue lets SQLite evaluate a column's default, once a column.
func (e *engine) defaultValue(r *row, column schema.Column) sqlite.Value {
	key := [2]string{r.table.Name, column.Name}
	if v, ok := e.defaults[key]; ok {
		return v
	}
	v, err := e.c.Value("SELECT " + column.Default)
	if err != nil {
		e.abort(r, "the default of column %q: %v", column.Name, err)
	}
	e.defaults[key] = v
	return v
}

// created returns when the row came to be: its column of that name, else the
// clock.
func (e *engine) created(r *row) time.Time {
	column, ok := createdColumn(r.table)
	if !ok {
		return e.now
	}
	if t, ok := r.declared[column].(time.Time); ok {
		return t
	}
	v := e.cell(r, column)
	switch {
	case v.Kind() == sqlite.Integer && v.Int64() >= unixMilliFrom:
		return time.UnixMilli(v.Int64())
	case v.Kind() == sqlite.Integer:
		return time.Unix(v.Int64(), 0)
	}
	if t, err := time.Parse("2006-01-02T15:04:05.000Z07:00", v.Data()); err == nil {
		return t
	}
	return e.now
}

func foreignKeyOf(t *schema.Table, column string) *schema.ForeignKey {
	for i, fk := range t.ForeignKeys {
		if slices.Contains(fk.Columns, column) {
			return &t.ForeignKeys[i]
		}
	}
	return nil
}

// pickParent chooses a row for a reference that the fixture leaves open: the
// one whose hash together with the row's is the highest (rendezvous hashing),
// so that a parent which is added or removed moves only its own share.
func (e *engine) pickParent(r *row, column schema.Column, fk schema.ForeignKey) sqlite.Value {
	r.drawn[column.Name] = true
	candidates := e.byTable[fk.Parent]
	if fk.Parent == r.table.Name && !column.NotNull {
		candidates = nil
	}
	if len(candidates) == 0 {
		if !column.NotNull {
			return sqlite.Value{}
		}
		e.abort(r, "column %q refers to table %s, of which no fixture declares a row", column.Name, fk.Parent)
	}
	salt := r.hash ^ entropy(fk.Columns...) ^ uint64(r.attempt)
	best := slices.MaxFunc(candidates, func(a, b *row) int {
		if mix(salt^a.hash) < mix(salt^b.hash) {
			return -1
		}
		return 1
	})
	return e.cell(best, fk.ParentColumns[slices.Index(fk.Columns, column.Name)])
}
