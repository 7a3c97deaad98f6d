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

// ErrName reports a name of which nothing is left for a migration's.
var ErrName = errors.New("is no name for a migration: it has neither a letter nor a digit")

// Next returns what the tool would make for the folder's next migration: its
// script, which waits for a block, and after it the other files that go with
// it, of which those that exist are to be overwritten. The name is made one
// for files: "Moderator & orgs" becomes moderator_orgs.
//
// The migration is numbered as the folder's are, and comes after all of them:
// where now is before the last one's time, that decides, since tools skip
// what is older than the newest that they have run.
func (f Folder) Next(name string, now time.Time) ([]File, error) {
	slug := slug(name)
	if slug == "" {
		return nil, fmt.Errorf(`"%s" %w`, name, ErrName)
	}
	files, err := f.Format.tool().next(f, slug, now.UTC())
	if err != nil {
		return nil, err
	}
	if _, err := os.Lstat(files[0].Path); err == nil {
		return nil, fmt.Errorf("%s: %w", files[0].Path, fs.ErrExist)
	}
	return files, nil
}

// slug returns the words of a name, in small letters and joined by underscores,
// as Prisma and goose write them. Words are of letters and digits of any
// script; an apostrophe within one is dropped.
func slug(name string) string {
	name = strings.NewReplacer("'", "", "’", "").Replace(name)
	words := strings.FieldsFunc(name, func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r)
	})
	return strings.ToLower(strings.Join(words, "_"))
}

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
