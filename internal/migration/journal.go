package migration

import (
	"crypto/sha1"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strconv"
	"strings"
)

// journalPath is the file in which drizzle-kit lists a folder's migrations.
const journalPath = "meta/_journal.json"

// journal is drizzle-kit's list of migrations.
type journal struct {
	file    jsonObject
	entries []journalEntry
}

// journalEntry has its fields in the order in which drizzle-kit writes them.
type journalEntry struct {
	Idx         int    `json:"idx"`
	Version     string `json:"version"` // The version of the snapshots' format.
	When        int64  `json:"when"`    // Milliseconds since 1970.
	Tag         string `json:"tag"`
	Breakpoints bool   `json:"breakpoints"`
}

// readJournal reads the journal of a folder. Without a journal it returns the empty journal that
// drizzle-kit makes.
func readJournal(in files) (*journal, error) {
	text, err := in.read(journalPath)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		text = []byte(`{"version":"7","dialect":"sqlite","entries":[]}`)
	case err != nil:
		return nil, fmt.Errorf("read the journal: %w", err)
	}
	j := &journal{}
	if err := json.Unmarshal(text, &j.file); err != nil {
		return nil, fmt.Errorf("read %s: %w", in.path(journalPath), err)
	}
	if err := json.Unmarshal(j.file.get("entries"), &j.entries); err != nil {
		return nil, fmt.Errorf("read %s: %w", in.path(journalPath), err)
	}
	return j, nil
}

// with returns the journal's text with another entry at the end.
func (j *journal) with(e journalEntry) ([]byte, error) {
	text, err := json.Marshal(e)
	if err != nil {
		return nil, err
	}
	var entries []json.RawMessage
	if err := json.Unmarshal(j.file.get("entries"), &entries); err != nil {
		return nil, err
	}
	list, err := json.Marshal(append(entries, text))
	if err != nil {
		return nil, err
	}
	return j.file.with("entries", list).indented()
}

// nextSnapshot returns a copy of the newest snapshot in dir for the migration after it, or nil if
// there is no snapshot. drizzle-kit draws random ids. The id here is a UUID of the tag, version 5
// (RFC 9562, 5.5), in the name space of the last snapshot's id.
func nextSnapshot(in files, tag string) ([]byte, error) {
	names := slices.DeleteFunc(in.glob("meta/*"),
		func(name string) bool { return strings.HasPrefix(path.Base(name), "_") })
	if len(names) == 0 {
		return nil, nil
	}
	name := slices.Max(names)
	text, err := in.read(name)
	if err != nil {
		return nil, fmt.Errorf("read the snapshot: %w", err)
	}
	var snapshot jsonObject
	if err := json.Unmarshal(text, &snapshot); err != nil {
		return nil, fmt.Errorf("read %s: %w", in.path(name), err)
	}
	var last string
	if err := json.Unmarshal(snapshot.get("id"), &last); err != nil {
		return nil, fmt.Errorf("read the id of %s: %w", in.path(name), err)
	}
	id, err := nameID(last, tag)
	if err != nil {
		return nil, fmt.Errorf("read the id of %s: %w", in.path(name), err)
	}
	snapshot = append(jsonObject{
		{"id", []byte(strconv.Quote(id))},
		{"prevId", []byte(strconv.Quote(last))},
	}, snapshot.without("id", "prevId")...)
	return snapshot.with("_meta", []byte(`{"columns":{},"schemas":{},"tables":{}}`)).indented()
}

func nameID(space, name string) (string, error) {
	text, err := hex.DecodeString(strings.ReplaceAll(space, "-", ""))
	if err != nil {
		return "", err
	}
	sum := sha1.Sum(append(text, name...))
	sum[6] = sum[6]&0x0f | 5<<4
	sum[8] = sum[8]&0x3f | 0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", sum[:4], sum[4:6], sum[6:8], sum[8:10], sum[10:16]), nil
}
