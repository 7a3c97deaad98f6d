package main

import (
	"regexp"
	"strings"
)

// serverURL matches the URL of something that is not a file, also after a name and = or between
// quotes, as a line of .env has it.
var serverURL = regexp.MustCompile(`([A-Za-z][A-Za-z0-9+.-]*)://`)

// loginURL matches the URL of a database file that has a user and a password, as only the URL of a
// server has.
var loginURL = regexp.MustCompile(`^[^/?#]*:[^/?#]*@`)

// remoteScheme returns the scheme of a URL that names a server, not a file; "" for every other
// word. The rest of such a URL may hold a password and must not be repeated.
func remoteScheme(word string) string {
	scheme, rest, _ := strings.Cut(word, ":")
	if _, isFile := parseDatabaseURL(word); isFile {
		if after, authority := strings.CutPrefix(rest, "//"); authority && loginURL.MatchString(after) {
			return scheme
		}
		return ""
	}
	if match := serverURL.FindStringSubmatch(word); match != nil {
		return match[1]
	}
	return ""
}

// refuseRemote returns a usageError for a word that is the URL of a server.
func refuseRemote(word string) error {
	scheme := remoteScheme(word)
	if scheme == "" {
		return nil
	}
	return usagef("seedkit reads files, not servers: this %s:// URL names a server", scheme).
		hintf("name the database's file by its path, or by a URL such as file:app.db")
}
