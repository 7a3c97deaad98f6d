package migration

import (
	"bytes"
	"crypto/sha1"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// journalPath is where drizzle-kit lists a folder's migrations.
var journalPath = filepath.Join("meta", "_journal.json")

// journal is drizzle-kit's list.
type journal struct {
	file    jsonObject
	entries []journalEntry
}

// journalEntry has its fields in drizzle-kit's order.
type journalEntry struct {
	Idx         int    `json:"idx"`
	Version     string `json:"version"` // of the snapshots' form
	When        int64  `json:"when"`    // milliseconds since 1970
	Tag         string `json:"tag"`
	Breakpoints bool   `json:"breakpoints"`
}

// readJournal returns an empty journal, as drizzle-kit makes it, where there
// is none.
func readJournal(dir string) (*journal, error) {
	path := filepath.Join(dir, journalPath)
	text, err := os.ReadFile(path)
	switch {
	case os.IsNotExist(err):
		text = []byte(`{"version":"7","dialect":"sqlite","entries":[]}`)
	case err != nil:
		return nil, fmt.Errorf("read the journal: %w", err)
	}
	j := &journal{}
	if err := json.Unmarshal(text, &j.file); err != nil {
		return nil, fmt.Errorf("read %s: %w", path, err)
	}
	if err := json.Unmarshal(j.file.get("entries"), &j.entries); err != nil {
		return nil, fmt.Errorf("read %s: %w", path, err)
	}
	return j, nil
}

// with returns the journal's text with one more entry.
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

// nextSnapshot returns the newest snapshot in dir as that of the migration
// after it, nil if there is none. Its id is not random as drizzle-kit's are,
// but a UUID of the name, version 5 (RFC 9562, 5.5), in the name space of the
// last.
func nextSnapshot(dir, tag string) ([]byte, error) {
	paths := slices.DeleteFunc(glob(dir, "meta", "*"), func(path string) bool { return strings.HasPrefix(filepath.Base(path), "_") })
	if len(paths) == 0 {
		return nil, nil
	}
	path := slices.Max(paths)
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("read the snapshot: %w", err)
	}
	var snapshot jsonObject
	if err := json.Unmarshal(text, &snapshot); err != nil {
		return nil, fmt.Errorf("read %s: %w", path, err)
	}
	var last string
	if err := json.Unmarshal(snapshot.get("id"), &last); err != nil {
		return nil, fmt.Errorf("read the id of %s: %w", path, err)
	}
	snapshot = append(jsonObject{
		{"id", []byte(strconv.Quote(nameID(last, tag)))},
		{"prevId", []byte(strconv.Quote(last))},
	}, snapshot.without("id", "prevId")...)
	return snapshot.with("_meta", []byte(`{"columns":{},"schemas":{},"tables":{}}`)).indented()
}

func nameID(space, name string) string {
	sum := sha1.Sum([]byte(space + name))
	sum[6] = sum[6]&0x0f | 5<<4
	sum[8] = sum[8]&0x3f | 0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", sum[:4], sum[4:6], sum[6:8], sum[8:10], sum[10:16])
}

// jsonObject keeps its members in their order, as JavaScript does.
type jsonObject []jsonMember

type jsonMember struct {
	name  string
	value json.RawMessage
}

// UnmarshalJSON reads the members without looking into their values.
func (o *jsonObject) UnmarshalJSON(text []byte) error {
	d := json.NewDecoder(bytes.NewReader(text))
	if t, err := d.Token(); err != nil || t != json.Delim('{') {
		return fmt.Errorf("want an object, have %.20q", text)
	}
	for d.More() {
		name, err := d.Token()
		if err != nil {
			return err
		}
		var value json.RawMessage
		if err := d.Decode(&value); err != nil {
			return err
		}
		*o = append(*o, jsonMember{name.(string), value})
	}
	return nil
}

// get returns null for a member that is not there.
func (o jsonObject) get(name string) json.RawMessage {
	for _, m := range o {
		if m.name == name {
			return m.value
		}
	}
	return json.RawMessage("null")
}

func (o jsonObject) without(names ...string) jsonObject {
	return slices.DeleteFunc(slices.Clone(o), func(m jsonMember) bool { return slices.Contains(names, m.name) })
}

// with replaces a member where it stands, or adds it.
func (o jsonObject) with(name string, value json.RawMessage) jsonObject {
	o = slices.Clone(o)
	for i := range o {
		if o[i].name == name {
			o[i].value = value
			return o
		}
	}
	return append(o, jsonMember{name, value})
}

// indented returns the object as JSON.stringify(o, null, 2) writes it.
func (o jsonObject) indented() ([]byte, error) {
	var flat, out bytes.Buffer
	flat.WriteByte('{')
	for i, m := range o {
		if i > 0 {
			flat.WriteByte(',')
		}
		flat.WriteString(strconv.Quote(m.name) + ":")
		flat.Write(m.value)
	}
	flat.WriteByte('}')
	if err := json.Indent(&out, flat.Bytes(), "", "  "); err != nil {
		return nil, fmt.Errorf("write JSON: %w", err)
	}
	return out.Bytes(), nil
}
