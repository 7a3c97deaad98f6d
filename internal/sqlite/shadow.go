package sqlite

import (
	"slices"
	"strings"
)

// shadowSuffixes holds, for every module, the suffixes of its shadow tables: the tables that keep
// the content of a virtual table have its name, an underscore and a suffix
// (https://sqlite.org/vtab.html#xshadowname). A star represents a number.
var shadowSuffixes = map[string][]string{
	"fts3":      {"content", "segments", "segdir", "docsize", "stat"},
	"fts4":      {"content", "segments", "segdir", "docsize", "stat"},
	"fts5":      {"data", "idx", "content", "docsize", "config"},
	"rtree":     {"node", "parent", "rowid"},
	"rtree_i32": {"node", "parent", "rowid"},
	"geopoly":   {"node", "parent", "rowid"},
	"spellfix1": {"vocab"},
	// https://github.com/asg017/sqlite-vec, vec0_shadow_names
	"vec0": {
		"rowids", "chunks", "auxiliary", "info", "vector_chunks*", "metadatachunks*",
		"metadatatext*",
	},
}

// IsShadow reports whether a table has the name of a shadow table, in which the module keeps the
// content of the virtual table. For an unknown module, the suffixes of all known modules count.
func IsShadow(module, virtual, table string) bool {
	n := len(virtual)
	if len(table) <= n+1 || !strings.EqualFold(table[:n], virtual) || table[n] != '_' {
		return false
	}
	suffix := strings.ToLower(table[n+1:])
	named := func(pattern string) bool {
		stem, numbered := strings.CutSuffix(pattern, "*")
		rest, ok := strings.CutPrefix(suffix, stem)
		if !ok || (rest != "") != numbered {
			return false
		}
		return strings.Trim(rest, "0123456789") == ""
	}
	if own, known := shadowSuffixes[strings.ToLower(module)]; known {
		return slices.ContainsFunc(own, named)
	}
	for _, suffixes := range shadowSuffixes {
		if slices.ContainsFunc(suffixes, named) {
			return true
		}
	}
	return false
}
