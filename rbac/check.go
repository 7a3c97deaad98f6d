package rbac

import (
	"fmt"
	"slices"
	"strings"
)

// A Check is the question of an app whether a user may do something: "delete:note", or
// "delete:note:own,any". It is no [Grant]: a comma means one of, a star is a letter, and nothing is
// escaped or trimmed. Upper and lower case differ.
//
// In a policy with accesses a check is "action:entity", which any access satisfies, or
// "action:entity:access", with further accesses after commas. In a policy without accesses it is
// "action:entity". In a policy whose permissions are names alone, the whole text is a name. Any
// other text is a [*CheckError]. A well-formed check with a word that no permission has is allowed
// to nobody.
type Check string

// A CheckError is a check that has no answer, because its form is wrong.
type CheckError struct {
	Check  Check
	Offset int // the byte of the check at which the mistake is
	Reason string
}

func (e *CheckError) Error() string {
	return fmt.Sprintf("check %q, %s: %s", string(e.Check), character(string(e.Check), e.Offset),
		e.Reason)
}

// A question is a check that was read.
type question struct {
	action, entity string
	accesses       []string // empty if any access will do
}

// question reads a check about permissions of the given number of parts: 1 for names alone, 2 for
// action and entity, 3 for action, entity and access.
func (c Check) question(parts int) (question, error) {
	if c == "" {
		return question{}, &CheckError{c, 0, "it is empty"}
	}
	if parts == 1 {
		return question{action: string(c)}, nil
	}
	fields := strings.Split(string(c), ":")
	offset := 0
	for i, field := range fields {
		switch {
		case i >= parts && parts == 2:
			return question{}, &CheckError{c, offset - 1, "the permissions have no access, " +
				"so a check is action:entity"}
		case i >= parts:
			return question{}, &CheckError{c, offset - 1, "a fourth part; " +
				"a check is action:entity or action:entity:access"}
		case field == "":
			return question{}, &CheckError{c, offset, "the " + partNames[i] + " is missing"}
		}
		offset += len(field) + 1
	}
	if len(fields) == 1 {
		return question{}, &CheckError{c, len(c), "the entity is missing"}
	}
	q := question{action: fields[0], entity: fields[1]}
	if len(fields) == 2 {
		return q, nil
	}
	offset = len(fields[0]) + len(fields[1]) + 2
	q.accesses = strings.Split(fields[2], ",")
	for _, access := range q.accesses {
		if access == "" {
			return question{}, &CheckError{c, offset, "an access is missing"}
		}
		offset += len(access) + 1
	}
	return q, nil
}

// holds reports whether a permission answers the question with yes.
func (q question) holds(p Permission) bool {
	return p.Action == q.action && p.Entity == q.entity &&
		(len(q.accesses) == 0 || slices.Contains(q.accesses, p.Access))
}
