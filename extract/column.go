package extract

import (
	"strings"

	"github.com/seedkit/seedkit/internal/schema"
	"github.com/seedkit/seedkit/internal/sqltext"
)

// column is one that a row is inserted with.
type column struct {
	name     string
	affinity affinity
	takes    types // the values that are known to be stored: any other is for SQLite to convert, or to refuse
	key      int   // its place in the target's key, -1 if it is no part of that
}

// types is a set of storage classes.
type types uint8

func typesOf(list ...sqltext.Type) (set types) {
	for _, t := range list {
		set |= 1 << t
	}
	return set
}

func (s types) has(t sqltext.Type) bool { return s>>t&1 != 0 }

func (s types) without(t sqltext.Type) types { return s &^ (1 << t) }

var anyType = typesOf(sqltext.Null, sqltext.Integer, sqltext.Real, sqltext.Text, sqltext.Blob)

// strictColumns are the columns of STRICT tables, by their declared types
// (https://sqlite.org/stricttables.html). Those that are not ANY convert some
// values of other types, and refuse the rest.
var strictColumns = map[string]column{
	"INT":     {affinity: numericAffinity, takes: typesOf(sqltext.Null, sqltext.Integer)},
	"INTEGER": {affinity: numericAffinity, takes: typesOf(sqltext.Null, sqltext.Integer)},
	"REAL":    {affinity: realAffinity, takes: typesOf(sqltext.Null, sqltext.Integer, sqltext.Real)},
	"TEXT":    {affinity: textAffinity, takes: typesOf(sqltext.Null, sqltext.Text)},
	"BLOB":    {affinity: noAffinity, takes: typesOf(sqltext.Null, sqltext.Blob)},
	"ANY":     {affinity: noAffinity, takes: anyType},
}

// columnOf returns a column of a declared type.
func columnOf(declared string, strict bool) column {
	if strict {
		return strictColumns[strings.ToUpper(declared)]
	}
	return column{affinity: affinity(schema.AffinityOf(declared)), takes: anyType}
}
