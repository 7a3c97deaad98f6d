package journal

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"unicode/utf8"

	"github.com/seedkit/seedkit/internal/sqlite"
)

// Hash is a hash of values: the first half of a SHA-256.
type Hash [16]byte

// HashOf hashes values by their storage classes and bytes.
func HashOf(values []sqlite.Value) Hash {
	var key []byte
	for _, v := range values {
		key = v.AppendKey(key)
	}
	sum := sha256.Sum256(key)
	return Hash(sum[:16])
}

// HashOfRow hashes the values of a statement's row from a column on.
func HashOfRow(row *sqlite.Stmt, from int) Hash {
	var key []byte
	for i := from; i < row.Columns(); i++ {
		key = row.Value(i).AppendKey(key)
	}
	sum := sha256.Sum256(key)
	return Hash(sum[:16])
}

func appendHash(dst []byte, h Hash) []byte {
	dst = append(dst, '"')
	dst = base64.RawStdEncoding.AppendEncode(dst, h[:])
	return append(dst, '"')
}

// appendValue appends a value as JSON: an integer as a number, a text as a string. The other
// classes are objects, so that each value is read back as it was.
func appendValue(dst []byte, v sqlite.Value) []byte {
	switch v.Kind() {
	case sqlite.Integer:
		return strconv.AppendInt(dst, v.Int64(), 10)
	case sqlite.Real:
		dst = append(dst, `{"real":"`...)
		dst = strconv.AppendFloat(dst, v.Float64(), 'g', -1, 64)
		return append(dst, `"}`...)
	case sqlite.Text:
		if utf8.ValidString(v.Data()) {
			return appendString(dst, v.Data())
		}
		return appendBytes(dst, "text", v.Data())
	case sqlite.Blob:
		return appendBytes(dst, "blob", v.Data())
	}
	return append(dst, "null"...)
}

func appendBytes(dst []byte, kind, data string) []byte {
	dst = append(dst, `{"`+kind+`":"`...)
	dst = base64.StdEncoding.AppendEncode(dst, []byte(data))
	return append(dst, `"}`...)
}

func appendString(dst []byte, text string) []byte {
	quoted, _ := json.Marshal(text) // a string has no error
	return append(dst, quoted...)
}

// appendValues appends a list of values.
func appendValues(dst []byte, values []sqlite.Value) []byte {
	dst = append(dst, '[')
	for i, v := range values {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = appendValue(dst, v)
	}
	return append(dst, ']')
}

func appendOld(dst []byte, old []Old) []byte {
	dst = append(dst, '[')
	for i, o := range old {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = appendString(append(dst, '['), o.Column)
		if !o.Hidden {
			dst = appendValue(append(dst, ','), o.Value)
		}
		dst = append(dst, ']')
	}
	return append(dst, ']')
}

// classed is a value that JSON has no class of its own for.
type classed struct {
	Real *string `json:"real"`
	Text []byte  `json:"text"`
	Blob *[]byte `json:"blob"`
}

func parseValue(text json.RawMessage) (v sqlite.Value, err error) {
	switch {
	case len(text) == 0:
		return v, errors.New("no value")
	case text[0] == 'n':
		return v, nil
	case text[0] == '"':
		var s string
		err = json.Unmarshal(text, &s)
		return sqlite.String(s), err
	case text[0] != '{':
		i, err := strconv.ParseInt(string(text), 10, 64)
		return sqlite.Int(i), err
	}
	var c classed
	if err := json.Unmarshal(text, &c); err != nil {
		return v, err
	}
	switch {
	case c.Real != nil:
		f, err := strconv.ParseFloat(*c.Real, 64)
		return sqlite.Float(f), err
	case c.Blob != nil:
		return sqlite.Bytes(*c.Blob), nil
	}
	return sqlite.String(string(c.Text)), nil
}

func parseValues(text json.RawMessage) ([]sqlite.Value, error) {
	var parts []json.RawMessage
	if err := json.Unmarshal(text, &parts); err != nil {
		return nil, err
	}
	values := make([]sqlite.Value, len(parts))
	for i, part := range parts {
		v, err := parseValue(part)
		if err != nil {
			return nil, err
		}
		values[i] = v
	}
	return values, nil
}

func parseHash(text json.RawMessage) (h Hash, err error) {
	b, err := base64.RawStdEncoding.DecodeString(string(bytes.Trim(text, `"`)))
	if err == nil && len(b) != len(h) {
		err = fmt.Errorf("a hash of %d bytes", len(b))
	}
	copy(h[:], b)
	return h, err
}

func parseOld(text json.RawMessage) ([]Old, error) {
	var pairs [][]json.RawMessage
	if err := json.Unmarshal(text, &pairs); err != nil {
		return nil, err
	}
	all := make([]Old, len(pairs))
	for i, pair := range pairs {
		if len(pair) == 0 {
			return nil, errors.New("no column")
		}
		err := json.Unmarshal(pair[0], &all[i].Column)
		if all[i].Hidden = len(pair) == 1; err == nil && !all[i].Hidden {
			all[i].Value, err = parseValue(pair[1])
		}
		if err != nil {
			return nil, err
		}
	}
	return all, nil
}
