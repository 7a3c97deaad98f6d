package starter

import (
	"fmt"
	"slices"
	"strings"

	"github.com/seedkit/seedkit/internal/model"
)

// A writer writes the files.
type writer struct {
	model  *model.Model
	tables []*model.Table // parents first
	taker  *taker
	madeUp bool     // the sample rows are made up
	single []string // see [Options.Single]
}

// files returns the file of the set reference and the file of the set sample.
func (w *writer) files() []File {
	links := w.links()
	rows := map[bool]*strings.Builder{true: {}, false: {}}
	for _, t := range w.tables {
		if _, linked := links.joins[t]; !linked {
			w.taken(rows[w.taker.reference[t]], t, links)
		}
	}
	reference, sample := rows[true].String(), rows[false].String()
	if w.madeUp {
		sample += w.sample()
	}
	return []File{
		{"reference.yaml", "# The rows that every copy of the app needs, also in production.\n" +
			orNothing(reference)},
		{"sample.yaml", "# Rows to try the app with.\n" +
			"$sample: true # production must not have these rows\n" +
			"$needs: [reference]\n" + sample},
	}
}

// orNothing returns the rows of a set, or an example if there are none.
func orNothing(rows string) string {
	if rows != "" {
		return rows
	}
	return "# For example:\n# Role:\n#   admin: { name: admin }\n{}\n"
}

// taken writes the rows of a table that are there.
func (w *writer) taken(out *strings.Builder, t *model.Table, links links) {
	rows := w.taker.rows[t]
	if len(rows) == 0 {
		return
	}
	fmt.Fprintf(out, "%s:\n", keyOfName(t.Name))
	for _, r := range rows {
		name := "  - "
		if !isPure(t) {
			name = "  " + scalar(r.name) + ": "
		}
		cells, links := cellsOf(t, r), links.of[r]
		line := name + "{ " + strings.Join(cells, ", ") + " }"
		if len(links) == 0 && isFlow(cells) && len(line) <= mostColumns {
			fmt.Fprintln(out, line)
			continue
		}
		fmt.Fprintln(out, strings.TrimRight(name, " "))
		for _, cell := range cells {
			fmt.Fprintf(out, "    %s\n", cell)
		}
		for _, joined := range links {
			fmt.Fprintf(out, "    %s:\n", keyOfName(joined.table))
			for _, name := range joined.names {
				fmt.Fprintf(out, "      - %s\n", scalar(name))
			}
		}
	}
}

// mostColumns is the length of the longest line that has a whole row.
const mostColumns = 100

// cellsOf returns the columns of a row with their values.
func cellsOf(t *model.Table, r *row) (cells []string) {
	for i, c := range t.Columns {
		if v := r.values[i]; v.given {
			text := literal(v, c)
			if v.parent != nil {
				text = ref(v.parent.name)
			}
			cells = append(cells, keyOfName(c.Name)+": "+text)
		}
	}
	return cells
}

// isFlow reports whether the columns can be written within braces.
func isFlow(cells []string) bool {
	return !slices.ContainsFunc(cells, func(cell string) bool {
		return strings.ContainsAny(cell, ",[]{}")
	})
}

// links are the rows of tables that only join two tables. A file has them as links of the one row
// to the other.
type links struct {
	joins map[*model.Table]bool
	of    map[*row][]joined
}

// joined are the names of the rows of a table to which a row is linked.
type joined struct {
	table string
	names []string
}

func (w *writer) links() links {
	out := links{map[*model.Table]bool{}, map[*row][]joined{}}
	for _, t := range w.tables {
		if from, to := w.joins(t); from != nil {
			out.joins[t] = true
			for _, r := range w.taker.rows[t] {
				owner, other := r.values[from.Columns[0]].parent, r.values[to.Columns[0]].parent
				out.add(owner, to.Parent.Name, other.name)
			}
		}
	}
	return out
}

func (l *links) add(owner *row, table, name string) {
	all := l.of[owner]
	i := slices.IndexFunc(all, func(j joined) bool { return j.table == table })
	if i < 0 {
		i, all = len(all), append(all, joined{table: table})
	}
	all[i].names = append(all[i].names, name)
	l.of[owner] = all
}

// joins returns the foreign keys of a table whose rows can be written as links from the rows of the
// one table to those of the other. The owner is a sample if one of them is; else it has fewer rows.
// Both are nil if the rows need a table of their own.
func (w *writer) joins(t *model.Table) (from, to *model.ForeignKey) {
	if len(t.Keys) != 2 || !isPure(t) || len(t.Columns) != 2 {
		return nil, nil
	}
	from, to = t.Keys[0], t.Keys[1]
	a, b := w.taker.reference[from.Parent], w.taker.reference[to.Parent]
	if a && !b || a == b && len(w.taker.rows[to.Parent]) < len(w.taker.rows[from.Parent]) {
		from, to = to, from
	}
	if !w.isLink(t, from, to) {
		return nil, nil
	}
	return from, to
}

// isLink reports whether the table's name can be a key that links rows by the rows of t.
func (w *writer) isLink(t *model.Table, from, to *model.ForeignKey) bool {
	joins := w.model.Joins(from.Parent, to.Parent, nil)
	_, isColumn := from.Parent.Find(to.Parent.Name)
	return decides(t, from) && decides(t, to) && from.Parent != to.Parent && !isColumn &&
		len(joins) == 1 && joins[0].Table == t
}
