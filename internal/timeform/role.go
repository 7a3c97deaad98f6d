package timeform

import "slices"

// Role is what a column of times says about its row.
type Role int

// The roles. The zero Role is any event, which may not have happened.
const (
	Event   Role = iota
	Created      // the row's creation
	Updated      // the row's last change
	Expires      // the end of the row's validity
	Born         // a person's birth
	Starts       // the start of something
	Ends         // the end of what started, which may still go on
)

var roles = []struct {
	Role
	words []string
}{
	{Born, []string{"BIRTH", "BIRTHDATE", "BIRTHDAY", "BORN", "DOB"}},
	{Expires, []string{"DUE", "EXPIRATION", "EXPIRE", "EXPIRED", "EXPIRES", "EXPIRY", "UNTIL"}},
	{Created, []string{"CREATED", "CREATION", "INSERTED"}},
	{Starts, []string{"BEGIN", "BEGINS", "BEGAN", "START", "STARTED", "STARTS"}},
	{Ends, []string{"COMPLETED", "END", "ENDED", "ENDS", "FINISH", "FINISHED"}},
	{Updated, []string{"MODIFICATION", "MODIFIED", "UPDATED", "UPDATE"}},
}

// RoleOf returns the role that a column's name tells: a word of the name is created, expires or a
// similar word.
func RoleOf(column string) Role {
	words := words(camelWords(column))
	for _, role := range roles {
		if slices.ContainsFunc(words, func(word string) bool {
			return slices.Contains(role.words, word)
		}) {
			return role.Role
		}
	}
	return Event
}
