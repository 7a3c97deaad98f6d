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

// File is a file to write.
type File struct {
	Path string
	Text []byte
}

// ErrName reports a name without a character that a migration's name can have.
var ErrName = errors.New("is no name for a migration: it has neither a letter nor a digit")

// Next returns the files that the tool would make for the folder's next migration. The first is the
// script, which still lacks its block. The caller must overwrite those of the other files that
// exist. Next changes the name into one for files: "Moderator & orgs" becomes moderator_orgs.
//
// Next numbers the migration in the folder's way, after all other migrations. If now is before the
// timestamp of the last migration, Next takes a timestamp after that one, because tools skip a
// migration that is older than the newest one that they have run.
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

// slug returns the words of a name in lower case, joined by underscores, as Prisma and goose write
// them. A word consists of letters and digits of any writing system. slug drops apostrophes.
func slug(name string) string {
	name = strings.NewReplacer("'", "", "’", "").Replace(name)
	words := strings.FieldsFunc(name, func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r)
	})
	return strings.ToLower(strings.Join(words, "_"))
}

// last returns the folder's last migration and whether there is one.
func (f Folder) last() (Migration, bool) {
	if len(f.Migrations) == 0 {
		return Migration{}, false
	}
	return f.Migrations[len(f.Migrations)-1], true
}

// digits returns the digits at the beginning of text.
func digits(text string) string {
	return text[:len(text)-len(strings.TrimLeft(text, "0123456789"))]
}

const timestamp = "20060102150405"

// timestampAfter returns now as a timestamp for a migration's number. If that is not greater than
// the number before, it returns a greater one.
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

// isTimestamp reports whether a number is a timestamp and not a count.
func isTimestamp(number string) bool {
	_, err := time.Parse(timestamp, number)
	return err == nil
}

// numberAfter returns the next number, with at least width digits.
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
