package migration

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
)

// jsonObject is a JSON object that keeps the order of its members, as JavaScript does.
type jsonObject []jsonMember

type jsonMember struct {
	name  string
	value json.RawMessage
}

// UnmarshalJSON reads the members but does not decode their values.
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

// get returns the value of a member, or null if there is no such member.
func (o jsonObject) get(name string) json.RawMessage {
	for _, m := range o {
		if m.name == name {
			return m.value
		}
	}
	return json.RawMessage("null")
}

func (o jsonObject) without(names ...string) jsonObject {
	return slices.DeleteFunc(slices.Clone(o),
		func(m jsonMember) bool { return slices.Contains(names, m.name) })
}

// with replaces the value of a member, or adds the member at the end.
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
