package timeform

import (
	"fmt"
	"testing"
	"time"

	"github.com/seedkit/seedkit/internal/sqlite"
)

func text(v sqlite.Value) string {
	if v.Kind() == sqlite.Integer {
		return fmt.Sprint(v.Int64())
	}
	return v.Data()
}

// TestParse reads values and writes their times in the same form again.
func TestParse(t *testing.T) {
	tests := []struct {
		value sqlite.Value
		form  string // Empty for a value that is no time.
		unix  float64
	}{
		{sqlite.Int(1735689600), "unix", 1735689600},
		{sqlite.Int(1735689600123), "unix-ms", 1735689600.123},
		{sqlite.Int(-1735689600123), "unix-ms", -1735689600.123},
		{sqlite.Int(1735689600123456), "", 0},
		{sqlite.String("2025-01-01 00:00:00"), "YYYY-MM-DD HH:MM:SS", 1735689600},
		{sqlite.String("2025-01-01 00:00:00.123456"), "YYYY-MM-DD HH:MM:SS.ssssss",
			1735689600.123456},
		{sqlite.String("2025-01-01 00:00:00.500Z"), "YYYY-MM-DD HH:MM:SS.sssZ", 1735689600.5},
		{sqlite.String("2025-01-01T00:00:00"), "YYYY-MM-DDTHH:MM:SS", 1735689600},
		{sqlite.String("2025-01-01T00:00:00Z"), "YYYY-MM-DDTHH:MM:SSZ", 1735689600},
		{sqlite.String("2025-01-01T00:00:00.000+00:00"), "YYYY-MM-DDTHH:MM:SS.sss+00:00",
			1735689600},
		{sqlite.String("2025-01-01T02:00:00.250+02:00"), "YYYY-MM-DDTHH:MM:SS.sss+02:00",
			1735689600.25},
		{sqlite.String("2024-02-29"), "YYYY-MM-DD", 1709164800},
		{sqlite.String("2023-02-29"), "", 0},
		{sqlite.String("2025-13-01T00:00:00Z"), "", 0},
		{sqlite.String("2025-01-01 00:00:00."), "", 0},
		{sqlite.String("2025-01-01 00:00:00 UTC"), "", 0},
		{sqlite.String("2025-01-01T00:00:00+0000"), "", 0},
		{sqlite.String("1735689600"), "", 0},
		{sqlite.String("2025-01-01x00:00:00"), "", 0},
		{sqlite.String("nineteen characters"), "", 0},
		{sqlite.String(""), "", 0},
		{sqlite.Float(2460676.5), "", 0},
		{sqlite.Value{}, "", 0},
	}
	for _, test := range tests {
		at, form, ok := Parse(test.value)
		if !ok {
			form = Form{}
		}
		if form.String() != test.form || ok && float64(at.UnixMicro())/1e6 != test.unix {
			t.Errorf("%v: got %v as %q, want %v as %q", test.value, at, form, test.unix, test.form)
		}
		if again, exact := form.Format(at); ok && (again != test.value || !exact) {
			t.Errorf("%v: written again it is %v, exact: %v", test.value, again, exact)
		}
	}
	at, form, ok := Parse(sqlite.String("12:30:05.25"))
	if !ok || form.String() != "HH:MM:SS.ss" || at.Format(time.TimeOnly) != "12:30:05" {
		t.Errorf("a time of day: got %v as %v", at, form)
	}
}

func TestConvert(t *testing.T) {
	sqlMicro, varying := SQL, SQL
	sqlMicro.digits, varying.digits, varying.varies = 6, 6, true
	tests := []struct {
		value string
		to    Form
		want  string
		how   outcome
	}{
		{"2025-01-01 00:00:00", UnixMilli, "1735689600000", exact},
		{"2025-01-01T02:00:00+02:00", Unix, "1735689600", exact},
		{"2025-01-01T00:00:00.123456Z", UnixMilli, "1735689600123", inexact},
		{"1969-12-31T23:59:59.999Z", Unix, "-1", inexact},
		{"2025-01-01T00:00:00.001Z", SQL, "2025-01-01 00:00:00", inexact},
		{"2025-01-01 00:00:00", ISO, "2025-01-01T00:00:00.000+00:00", exact},
		{"2025-01-01T00:00:00.000+00:00", ISOZ, "2025-01-01T00:00:00.000Z", exact},
		{"2025-01-01", ISOZ, "2025-01-01T00:00:00.000Z", exact},
		{"2025-01-01T00:00:00Z", ISOZ, "2025-01-01T00:00:00.000Z", exact},
		{"2025-01-01T00:00:00.123456Z", ISOZ, "2025-01-01T00:00:00.123456Z", same},
		{"2025-01-01 00:00:00.5", varying, "2025-01-01 00:00:00.5", same},
		{"2025-01-01T00:00:00.5Z", varying, "2025-01-01 00:00:00.500000", exact},
		{"2025-01-01T00:00:00.0Z", varying, "2025-01-01 00:00:00", exact},
		{"2025-01-01T00:00:00.5Z", sqlMicro, "2025-01-01 00:00:00.500000", exact},
		{"2025-01-01 12:00:00", Form{kind: date}, "2025-01-01", inexact},
		{"2025-01-01 00:00:00", Form{kind: date}, "2025-01-01", exact},
		{"2025-01-01 12:00:00", Form{kind: clock}, "2025-01-01 12:00:00", impossible},
		{"12:00:00", ISO, "12:00:00", impossible},
		{"2025-01-01T01:00:00+09:00", Form{kind: datetime, sep: 'T', zone: "+02:00"},
			"2024-12-31T18:00:00+02:00", exact},
	}
	for _, test := range tests {
		_, from, ok := Parse(sqlite.String(test.value))
		if !ok {
			t.Fatalf("%s is no time", test.value)
		}
		got, how := convert(sqlite.String(test.value), from, test.to)
		if text(got) != test.want || how != test.how {
			t.Errorf("%s to %s: got %s (%d), want %s (%d)", test.value, test.to, text(got), how,
				test.want, test.how)
		}
	}
}

func TestIsDeclared(t *testing.T) {
	for declared, want := range map[string]bool{
		"DATETIME": true, "datetime": true, "TIMESTAMP": true, "timestamptz": true,
		"TIMESTAMP WITH TIME ZONE": true, "DATE": true,
		"TIME": true, "TIME(6)": true, "DATETIME(3)": true, "SMALLDATETIME": true,
		"DATETIMEOFFSET": true, "unix_timestamp": true, "DATE_TEXT": true,
		"CANDIDATE": false, "UPDATE_MODE": false, "TIMEZONE": false, "SENTIMENT": false,
		"RUNTIME": false, "YEAR": false, "TEXT": false, "INTEGER": false, "": false,
	} {
		if got := IsDeclared(declared); got != want {
			t.Errorf("%s: got %v, want %v", declared, got, want)
		}
	}
}
