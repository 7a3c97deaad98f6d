package model

import (
	"slices"
	"strings"

	"github.com/seedkit/seedkit/internal/schema"
)

// namedParent returns the table to whose rows a column refers by its name alone: user_id and userId
// refer to user or users, if the ids there have the column's kind. It returns nil if there is none.
func (m *Model) namedParent(t *Table, c *Column) *Table {
	name, ok := strings.CutSuffix(c.Name, "_id")
	if !ok {
		name, ok = strings.CutSuffix(c.Name, "Id")
	}
	if !ok || name == "" || c.Key != nil || c.ID {
		return nil
	}
	return m.tableOf(t, c, name)
}

// tableOf returns the table whose name is a word, or its plural, and whose ids have the kind of the
// column c of t.
func (m *Model) tableOf(t *Table, c *Column, word string) *Table {
	for _, name := range Plurals(word) {
		parent := m.Table(name)
		if parent == nil || parent == t {
			continue
		}
		if id := parent.ID(); id >= 0 && parent.Columns[id].Kind == c.Kind {
			return parent
		}
	}
	return nil
}

// Plurals returns a word and its plurals.
func Plurals(word string) []string {
	names := []string{word, word + "s", word + "es"}
	if stem, ok := strings.CutSuffix(word, "y"); ok {
		names = append(names, stem+"ies")
	}
	return names
}

// roleWords are what a column calls a user who has a part in a row.
var roleWords = []string{
	"admin", "approver", "assignee", "author", "creator", "editor", "inviter", "member", "owner",
	"receiver", "recipient", "reviewer", "sender", "submitter",
}

// relationWords are words before the name of a table that say which of its rows is meant.
var relationWords = []string{
	"child", "default", "destination", "first", "from", "last", "linked", "main", "new", "next",
	"old", "original", "parent", "previous", "primary", "related", "root", "source", "target", "to",
}

// resembledParent returns the table to which a column seems to refer, by a name that only resembles
// the table's: author_id refers to a user, related_memo_id to a memo, and job_id in the table
// queue_failures to queue_jobs. It returns nil if there is none.
func (m *Model) resembledParent(t *Table, c *Column) *Table {
	words := schema.Words(c.Name)
	n := len(words)
	if c.Key != nil || c.ID || n < 2 || c.Datetime {
		return nil
	}
	last, words := words[n-1], words[:n-1]
	switch last {
	case "by":
		if slices.Contains([]string{"filter", "group", "order", "sort"}, words[len(words)-1]) {
			return nil
		}
		return m.users(t, c)
	case "id", "uuid":
	default:
		return nil
	}
	if len(words) == 1 && slices.Contains(roleWords, words[0]) {
		return m.users(t, c)
	}
	if slices.Contains(relationWords, words[0]) {
		words = words[1:]
	}
	if len(words) == 0 {
		return t.ofItself(c)
	}
	name := strings.Join(words, "_")
	if parent := m.tableOf(t, c, name); parent != nil {
		return parent
	}
	own := t.Name
	for at := strings.LastIndexByte(own, '_'); at > 0; at = strings.LastIndexByte(own, '_') {
		own = own[:at]
		if parent := m.tableOf(t, c, own+"_"+name); parent != nil {
			return parent
		}
	}
	return nil
}

// ofItself returns t if its column c can refer to t's own rows, such as parent_id, and may be NULL.
func (t *Table) ofItself(c *Column) *Table {
	if id := t.ID(); !c.NotNull && id >= 0 && t.Columns[id].Kind == c.Kind {
		return t
	}
	return nil
}

// users returns the table of users, if the ids there have the kind of the column c of t.
func (m *Model) users(t *Table, c *Column) *Table {
	for _, name := range []string{"user", "auth_user", "account"} {
		if parent := m.tableOf(t, c, name); parent != nil {
			return parent
		}
	}
	return nil
}
