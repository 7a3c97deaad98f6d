package model_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seedkit/seedkit/internal/model"
)

// TestConditions describes what the columns know of their constraints.
func TestConditions(t *testing.T) {
	for _, test := range []struct{ columns, want string }{
		{"kind realEstate CHECK (kind IN ('flat', 'house'))", "kind: 'flat' 'house'"},
		{"kind TEXT CHECK ((kind = 'a') OR kind IS NULL OR (kind IN ('b', NULL)))", ""},
		{"kind TEXT CHECK (kind IS NULL OR (kind = 'a' OR kind == \"b\"))", "kind: 'a' 'b'"},
		{"kind TEXT CHECK (kind NOT IN ('a'))", ""},
		{"kind TEXT, key TEXT, CHECK (kind = 'a' AND key IS NULL OR kind <> 'a')", ""},
		{"kind TEXT, key TEXT, CHECK (kind = 'a' OR key = 'b')", ""},
		{"kind TEXT CHECK (CASE WHEN kind IS NULL OR kind = 'a' THEN 1 ELSE 0 END)", ""},
		{"n INT CHECK (n BETWEEN -1 AND 1)", "n: -1 0 1"},
		{"n INT CHECK (n >= 1), m INT CHECK (m <= 2 AND 0 < m), CHECK (3.5 > n)",
			"n: 1 2 3, m: 1 2"},
		{"n INT CHECK (n > 0 AND n < 100000), r REAL CHECK (r > 0 AND r < 2)", ""},
		{"flag BOOLEAN, is_new INT, HAS_x INTEGER, isNew INT, mailEnabled INT, island INT, " +
			"is_text TEXT, is_time DATETIME",
			"flag: 0 1, is_new: 0 1, HAS_x: 0 1, isNew: 0 1, mailEnabled: 0 1"},
		{"a VARCHAR(20), b NVARCHAR (7), c CHARACTER VARYING(9), d TEXT, e DECIMAL(10), f TEXT(3)",
			"a: 0-20 long, b: 0-7 long, c: 0-9 long, f: 0-3 long"},
		{"a TEXT CHECK (length(a) = 2), b TEXT CHECK (LENGTH(b) <= 20 AND length(b) > 3)",
			"a: 2-2 long, b: 4-20 long"},
		{"a VARCHAR(9) CHECK (a IS NULL OR length(a) BETWEEN 3 AND 12)", "a: 3-9 long"},
		{`a TEXT CHECK ((JSON_VALID("a") OR "a" IS NULL)), b JSON`, "a: object, b: object"},
		{"a TEXT CHECK (json_type(a) = 'array'), b TEXT CHECK (json_valid(b) = 1)",
			"a: array, b: object"},
		{"a TEXT CHECK (json_valid(a) AND json_type(a) IN ('text', 'null'))", "a: text"},
		{"a TEXT, b TEXT AS (json_extract(a, '$.x')) STORED, c TEXT, d AS (c ->> 'x') STORED, " +
			"e TEXT, f AS (json_array(e)), g TEXT CHECK (json_array_length(g) < 9)",
			"a: object, c: object, g: array"},
		{"a ANY CHECK (typeof(a) = 'integer')", "a: kind integer"},
		{"a INT, b INT CHECK (b > a), c INT, CHECK (c IS NULL OR b <= c), CHECK (c > a)",
			"a: <b <c, b: >a <c, c: >b >a"},
		{"a INT, b INT, c INT, CHECK (a < b), CHECK (b < c), CHECK (c < a)",
			"a: <b, b: >a <c, c: >b"},
		{"a INT CHECK (a > a), b INT CHECK (b > a OR b > 3), CHECK (a + 1 < b)", ""},
	} {
		m, _ := read(t, "CREATE TABLE t("+test.columns+")")
		var got []string
		for _, c := range m.Tables[0].Columns {
			if facts := describe(m.Tables[0], c); facts != "" {
				got = append(got, c.Name+":"+facts)
			}
		}
		if diff := cmp.Diff(test.want, strings.Join(got, ", ")); diff != "" {
			t.Errorf("%s:\n%s", test.columns, diff)
		}
	}
}

// describe joins what a column knows of its constraints.
func describe(t *model.Table, c *model.Column) (out string) {
	for _, v := range c.Choices {
		if v.Data() != "" {
			out += fmt.Sprintf(" '%s'", v.Data())
		} else {
			out += fmt.Sprintf(" %d", v.Int64())
		}
	}
	if c.MaxLength > 0 {
		out += fmt.Sprintf(" %d-%d long", c.MinLength, c.MaxLength)
	}
	if c.JSON != "" {
		out += " " + c.JSON
	}
	if c.Type == "ANY" {
		out += fmt.Sprintf(" kind %v", c.Kind)
	}
	for _, o := range c.Orders {
		out += " " + map[bool]string{true: ">", false: "<"}[o.Above] + t.Columns[o.Other].Name
	}
	return out
}
