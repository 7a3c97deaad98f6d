package command

import (
	"encoding/hex"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"
)

// databaseSchemes are the schemes that tools use in the URL of a database file.
var databaseSchemes = []string{"file", "sqlite", "sqlite3"}

// parseDatabaseURL returns the path in a URL that names a database, as DATABASE_URL does:
// file:./dev.db, file:///data/app.db?connection_limit=1, sqlite:db/app.db. ok is false for every
// other word, which is a path itself. Like SQLite (https://sqlite.org/uri.html), parseDatabaseURL
// decodes %HH and drops what follows a question mark or #. The path is empty if the URL names no
// file: file::memory:, or a URL with mode=memory.
func parseDatabaseURL(word string) (path string, ok bool) {
	scheme, rest, colon := strings.Cut(word, ":")
	if !colon || !slices.Contains(databaseSchemes, strings.ToLower(scheme)) {
		return "", false
	}
	rest, _, _ = strings.Cut(rest, "#")
	rest, query, _ := strings.Cut(rest, "?")
	if after, authority := strings.CutPrefix(rest, "//"); authority {
		rest = after
		if path, local := strings.CutPrefix(rest, "localhost/"); local {
			rest = "/" + path
		}
	}
	path = escapedByte.ReplaceAllStringFunc(rest, func(escaped string) string {
		b, _ := hex.DecodeString(escaped[1:])
		return string(b)
	})
	values, _ := url.ParseQuery(query)
	if path == ":memory:" || values.Get("mode") == "memory" || strings.Contains(path, "\x00") {
		return "", true
	}
	return path, true
}

var escapedByte = regexp.MustCompile(`%[0-9A-Fa-f]{2}`)

// databasePath returns the path of the database that a word of the command line names by its path
// or by a URL. It returns a usageError for a URL that names no file.
func databasePath(word string) (string, error) {
	path, isURL := parseDatabaseURL(word)
	switch {
	case !isURL:
		return word, nil
	case path == "":
		scheme, _, _ := strings.Cut(word, ":")
		return "", usagef("the %s: URL names no file", scheme)
	}
	return path, nil
}

// databaseFlag makes a flag that takes the path or the URL of a database.
func databaseFlag(dst *string, name, usage string, short ...string) cli.Flag {
	return parsedFlag(dst, *dst, databasePath, name, usage, short)
}

// databaseArguments are the names of arguments that may be databases.
var databaseArguments = []string{"DB", "SRC", "BACKUP", "BACKUP|DIR"}

// paths returns the arguments with each URL of a database replaced by its path.
func (v *verb) paths(args []string) ([]string, error) {
	paths := slices.Clone(args)
	for i, name := range strings.Fields(v.args) {
		if i == len(args) || !slices.Contains(databaseArguments, strings.Trim(name, "[]…")) {
			break
		}
		path, err := databasePath(args[i])
		if err != nil {
			return nil, err
		}
		paths[i] = path
	}
	return paths, nil
}
