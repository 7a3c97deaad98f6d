package command

import (
	"regexp"
	"strings"
)

// serverURL matches the beginning of a URL, also after a name and =, or in quotes, as in a line of
// .env.
var serverURL = regexp.MustCompile(`([A-Za-z][A-Za-z0-9+.-]*)://`)

// loginURL matches a URL, without its scheme, that has a user and a password. The URL of a database
// file has neither, so it is the URL of a server.
var loginURL = regexp.MustCompile(`^[^/?#]*:[^/?#]*@`)

// remoteScheme returns the scheme of a URL that names a server, and "" for every other word. The
// rest of such a URL may hold a password and must not be repeated.
func remoteScheme(word string) string {
	scheme, rest, _ := strings.Cut(word, ":")
	if _, isFile := parseDatabaseURL(word); isFile {
		after, authority := strings.CutPrefix(rest, "//")
		if authority && loginURL.MatchString(after) {
			return scheme
		}
		return ""
	}
	if match := serverURL.FindStringSubmatch(word); match != nil {
		return match[1]
	}
	return ""
}

// refuseRemote returns a usageError if word is the URL of a server.
func refuseRemote(word string) error {
	scheme := remoteScheme(word)
	if scheme == "" {
		return nil
	}
	return usagef("seedkit reads files, not servers: this %s:// URL names a server", scheme).
		hintf("name the database's file by its path, or by a URL such as file:app.db")
}
