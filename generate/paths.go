package generate

import (
	"slices"
	"strconv"
	"strings"

	"github.com/seedkit/seedkit/internal/nearest"
)

// path returns the path of a row. It is empty for a row of the baseline.
func (r *row) path() string {
	if r.template == nil {
		return r.name
	}
	path := r.template.name
	if r.parent != nil {
		path = r.parent.path() + "/" + path
	}
	if r.template.numbered {
		path += "#" + strconv.Itoa(r.number)
	}
	return path
}

// find returns the row that ref names, or nil. The table is spelled like in the schema.
func (p *plot) find(ref Ref) *row {
	if r := p.there[ref]; r != nil || ref.there {
		return r
	}
	r := p.at(ref.table+"/"+ref.name, nil)
	if r == nil || r.table.Name != ref.table { // a part, whose path begins with another table
		return nil
	}
	return r
}

// at returns the row with a path, or nil. It looks only among the rows of other roots than except.
func (p *plot) at(path string, except *template) *row {
	for end := len(path); end > 0; end = strings.LastIndexAny(path[:end], "/#") {
		for _, root := range p.named[path[:end]] {
			if root == except {
				continue
			}
			if r := p.below(root, nil, path[end:]); r != nil {
				return r
			}
		}
	}
	return nil
}

// below returns the row of a template, or a part of it, whose path ends in rest after the name of
// the template.
func (p *plot) below(t *template, parent *row, rest string) *row {
	first, n := t.firstRow(parent), 1
	if t.numbered {
		digits, ok := strings.CutPrefix(rest, "#")
		digits, _, _ = strings.Cut(digits, "/")
		n, _ = strconv.Atoi(digits)
		if !ok || n < 1 || n > t.count(first.hash) || strconv.Itoa(n) != digits {
			return nil
		}
		rest = rest[1+len(digits):]
	}
	r := p.row(first, n)
	if rest == "" {
		return r
	}
	for _, part := range t.parts {
		if tail, ok := strings.CutPrefix(rest, "/"+part.name); ok {
			if found := p.below(part, r, tail); found != nil {
				return found
			}
		}
	}
	return nil
}

// checkPaths finds paths of several rows. Only a name with a number or of a part in it can be the
// path of a row of another kind.
func (p *plot) checkPaths() {
	for _, root := range p.roots {
		same := p.named[root.name]
		i := slices.IndexFunc(same, func(t *template) bool { return t.numbered == root.numbered })
		ambiguous := strings.Count(root.name, "/") > 1 || strings.Contains(root.name, "#")
		if same[i] == root && !ambiguous {
			continue
		}
		for n := range root.count(root.hash) {
			if p.stopped() {
				return
			}
			r := p.row(root.firstRow(nil), n+1)
			other := p.at(r.path(), root)
			if other != nil && (same[i] != root || !slices.Contains(same, other.template)) {
				p.repeats(r, other.template)
			}
		}
	}
	each(p.roots, func(t *template) {
		names := map[string]*template{}
		for _, part := range t.parts {
			first := names[part.name]
			if first == nil {
				names[part.name] = part
				continue
			}
			twice := func(of *template) bool { return of == part }
			for r := range p.walk(branchesTo(p.roots, twice)) {
				p.repeats(r, first)
			}
		}
	})
}

// repeats records that a row has the path of a row of first.
func (p *plot) repeats(r *row, first *template) {
	p.mistakes.add(r.template.at, r.path(), "is declared a second time; the first is at %s",
		first.at)
}

// nearName suggests the name of a fixture of the table that ref names.
func (p *plot) nearName(ref Ref) string {
	var names []string
	_, digits, _ := strings.Cut(ref.name, "#")
	n, _ := strconv.Atoi(digits)
	for _, root := range p.roots {
		if root.table.Name != ref.table {
			continue
		}
		name := root.name[len(ref.table+"/"):]
		if root.numbered {
			name += "#" + strconv.Itoa(min(max(n, 1), root.max))
		}
		names = append(names, name)
	}
	return nearest.DidYouMean(ref.name, names)
}
