package migration

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strconv"
	"strings"
	"time"
	"unicode"
)

// File is a file to be written.
type File struct {
	Path string
	Text []byte
}

// ErrName reports a name that not every tool could give to a migration.
var ErrName = errors.New("is no name for a migration: want letters, digits, spaces, hyphens and underscores")

// Next returns what the tool would make for the folder's next migration: its
// script, which waits for a block, and after it the other files that go with
// it, of which those that exist are to be overwritten. The name is written in
// the tool's way: "Add roles" becomes add_roles for some of them.
//
// The migration is numbered as the folder's are, and comes after all of them:
// where now is before the last one's time, that decides, since tools skip
// what is older than the newest that they have run.
func (f Folder) Next(name string, now time.Time) ([]File, error) {
	if err := checkName(name); err != nil {
		return nil, err
	}
	files, err := f.Format.tool().next(f, name, now.UTC())
	if err != nil {
		return nil, err
	}
	if _, err := os.Lstat(files[0].Path); err == nil {
		return nil, fmt.Errorf("%s: %w", files[0].Path, fs.ErrExist)
	}
	return files, nil
}

func checkName(name string) error {
	invalid := func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !strings.ContainsRune(" -_", r)
	}
	if len(words(name)) == 0 || strings.ContainsFunc(name, invalid) {
		return fmt.Errorf(`"%s" %w`, name, ErrName)
	}
	return nil
}

// words returns the runs of letters and digits.
func words(name string) []string {
	return strings.FieldsFunc(name, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
}

// snake writes a name as goose and Prisma do.
func snake(name string) string { return strings.ToLower(strings.Join(words(name), "_")) }

// last returns the folder's last migration.
func (f Folder) last() (Migration, bool) {
	if len(f.Migrations) == 0 {
		return Migration{}, false
	}
	return f.Migrations[len(f.Migrations)-1], true
}

// digits are those that text begins with.
func digits(text string) string {
	return text[:len(text)-len(strings.TrimLeft(text, "0123456789"))]
}

const timestamp = "20060102150405"

// timestampAfter returns the time as tools number by it, or one that is later
// than the number before.
func timestampAfter(before string, now time.Time) string {
	text := now.Format(timestamp)
	last, err := strconv.ParseInt(before, 10, 64)
	if err != nil || strconv.FormatInt(last, 10) < text {
		return text
	}
	if t, err := time.Parse(timestamp, before); err == nil {
		return t.Add(time.Second).Format(timestamp)
	}
	return strconv.FormatInt(last+1, 10)
}

// isTimestamp tells a number that is a time from one that counts.
func isTimestamp(number string) bool {
	_, err := time.Parse(timestamp, number)
	return err == nil
}

// numberAfter returns the number that follows, in as many digits at least.
func numberAfter(before string, width int) (string, error) {
	n := uint64(0)
	if before != "" {
		var err error
		if n, err = strconv.ParseUint(before, 10, 64); err != nil {
			return "", fmt.Errorf("number the migration: %w", err)
		}
	}
	return fmt.Sprintf("%0*d", width, n+1), nil
}
