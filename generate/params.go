package generate

import (
	"errors"
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/seedkit/seedkit/internal/sqlite"
	"github.com/seedkit/seedkit/internal/timeform"
)

// A param is a parameter of a generator. One whose name ends with … takes one or more arguments.
type param struct {
	name    string
	convert func(any) (any, error)
	plain   bool // an argument without quotes is a number, a truth value or null if it can be one
	isPart  bool // the argument becomes a part of JSON, where the column's type does not count
	passes  bool // the generator's value is the argument as it is, so it may be a reference
	later   bool // the generator calls the argument, if it is generated
}

func (p param) isRepeated() bool { return strings.HasSuffix(p.name, "…") }

// The converters of arguments. An argument is a text of the file, the result of another generator,
// or the value of a column.

func aValue(v any) (any, error) { return v, nil }

// aTime leaves values of columns to [Fake.After].
func aTime(v any) (any, error) {
	if text, ok := v.(string); ok {
		if t, _, ok := timeform.Parse(sqlite.String(text)); ok {
			return t, nil
		}
	}
	return v, nil
}

func aText(v any) (any, error) {
	if _, ok := v.(string); ok {
		return v, nil
	}
	return asText(v), nil
}

func anInt(v any) (any, error) {
	switch v := v.(type) {
	case int:
		return v, nil
	case int64:
		return int(v), nil
	case float64:
		if v == math.Trunc(v) && math.Abs(v) < 1<<53 {
			return int(v), nil
		}
	case string:
		if n, err := strconv.Atoi(v); err == nil {
			return n, nil
		}
	}
	return nil, fmt.Errorf("want a whole number, not %s", describe(v))
}

func aFloat(v any) (any, error) {
	switch v := v.(type) {
	case int:
		return float64(v), nil
	case int64:
		return float64(v), nil
	case float64:
		return v, nil
	case string:
		f, err := strconv.ParseFloat(v, 64)
		if err == nil && !math.IsNaN(f) && !math.IsInf(f, 0) {
			return f, nil
		}
	}
	return nil, fmt.Errorf("want a number, not %s", describe(v))
}

func aProbability(v any) (any, error) {
	p, err := aFloat(v)
	if err == nil && (p.(float64) < 0 || p.(float64) > 1) {
		err = fmt.Errorf("want a number from 0 to 1, not %s", describe(v))
	}
	return p, err
}

var (
	durations    = regexp.MustCompile(`^([0-9]+(ms|[smhdwy]))+$`)
	durationPart = regexp.MustCompile(`([0-9]+)(ms|[smhdwy])`)
	units        = map[string]time.Duration{
		"ms": time.Millisecond, "s": time.Second, "m": time.Minute, "h": time.Hour,
		"d": 24 * time.Hour, "w": 7 * 24 * time.Hour, "y": 365 * 24 * time.Hour,
	}
)

// aDuration reads a duration such as 30d or 1h30m. A day has 24 hours, and a year has 365 days.
func aDuration(v any) (any, error) {
	text, ok := v.(string)
	if d, isDuration := v.(time.Duration); isDuration {
		return d, nil
	}
	if text == "0" {
		return time.Duration(0), nil
	}
	if !ok || !durations.MatchString(text) {
		return nil, fmt.Errorf("want a duration such as 30d or 1h30m, not %s", describe(v))
	}
	var sum time.Duration
	for _, part := range durationPart.FindAllStringSubmatch(text, -1) {
		n, err := strconv.ParseInt(part[1], 10, 64)
		unit := units[part[2]]
		if err != nil || n > int64(math.MaxInt64-sum)/int64(unit) {
			return nil, errors.New("a duration must be shorter than 292 years")
		}
		sum += time.Duration(n) * unit
	}
	return sum, nil
}

// asText returns the text of a value within another text. NULL is the empty text.
func asText(v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case string:
		return v
	case []byte:
		return string(v)
	case time.Time:
		return v.UTC().Format("2006-01-02T15:04:05.000Z")
	case float64:
		return strconv.FormatFloat(v, 'g', -1, 64)
	case []any:
		if list, err := encodeJSON(v); err == nil {
			return list.Data()
		}
	}
	return fmt.Sprint(v)
}

// describe shows a value in a message.
func describe(v any) string {
	switch v := v.(type) {
	case nil:
		return "NULL"
	case string:
		return strconv.Quote(v)
	case []byte:
		return "binary data"
	}
	return fmt.Sprint(v)
}
