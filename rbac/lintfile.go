package rbac

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/seedkit/seedkit/internal/ecmascript"
)

// file reads a file of the app.
func (l *linter) file(path string) error {
	text, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	l.report.Files++
	jsx := !slices.Contains(withoutJSX, strings.ToLower(filepath.Ext(path)))
	file := ecmascript.Read(string(text), jsx, l.functions)
	for _, t := range file.Texts {
		l.asked.text(Check(t))
	}
	first := len(l.report.Findings)
	for _, call := range file.Calls {
		l.report.Calls++
		l.call(call, func(offset int) Place { return placeIn(path, text, offset) })
	}
	l.sortFrom(first)
	return nil
}

func placeIn(path string, text []byte, offset int) Place {
	before := text[:offset]
	lineStart := bytes.LastIndexByte(before, '\n') + 1
	return Place{
		File:   path,
		Line:   int64(bytes.Count(before, []byte("\n")) + 1),
		Column: int64(utf8.RuneCount(before[lineStart:]) + 1),
	}
}

// call checks the argument of a call. A function may be known as one that takes a check and as one
// that takes a role.
func (l *linter) call(c ecmascript.Call, at func(offset int) Place) {
	if f, ok := l.checks[c.Function]; ok {
		l.values(c, f, at, func(v ecmascript.Value) {
			if text, known := v.Known(); known {
				l.asked.text(Check(text))
				l.check(Check(text), at(v.Offset))
			} else {
				l.asked.partly(v.Parts)
			}
		})
	}
	if f, ok := l.roles[c.Function]; ok {
		l.values(c, f, at, func(v ecmascript.Value) {
			if text, known := v.Known(); known {
				l.roleName(text, at(v.Offset))
			}
		})
	}
}

// values calls use with each value of the argument, and counts what is known of it.
func (l *linter) values(
	c ecmascript.Call, f Function, at func(offset int) Place, use func(ecmascript.Value),
) {
	n := f.Argument
	if n == 0 {
		n = len(c.Arguments)
	}
	if n < 1 || n > len(c.Arguments) {
		l.report.Unchecked = append(l.report.Unchecked, at(c.Offset))
		return
	}
	all := true
	for _, v := range c.Arguments[n-1].Values {
		if _, known := v.Known(); known {
			l.report.Checked++
		} else {
			all = false
		}
		use(v)
	}
	if !all {
		l.report.Unchecked = append(l.report.Unchecked, at(c.Arguments[n-1].Offset))
	}
}

// check compares a check with the policy.
func (l *linter) check(c Check, at Place) {
	finding := Finding{Place: &at, Text: string(c)}
	q, err := c.question(l.policy.parts())
	if malformed, ok := errors.AsType[*CheckError](err); ok {
		finding.Kind, finding.Why = Malformed, malformed.Reason+l.nearestCheck(c)
		l.find(finding)
		return
	}
	var wrong []string
	for i, words := range [][]string{{q.action}, {q.entity}, q.accesses}[:l.policy.parts()] {
		for _, w := range words {
			if _, ok := l.words.index[i][w]; !ok {
				wrong = append(wrong, l.words.undeclared(i, w))
			}
		}
	}
	if len(wrong) > 0 {
		finding.Kind, finding.Why = Undeclared, strings.Join(wrong, ", and ")
		l.find(finding)
	} else if !l.somebodyPasses(q) {
		finding.Kind, finding.Why = Nobody, "no role of the policy has a grant for it"
		l.find(finding)
	}
}

func (l *linter) somebodyPasses(q question) bool {
	for _, permissions := range l.granted {
		if slices.ContainsFunc(permissions, q.holds) {
			return true
		}
	}
	return false
}

// nearestCheck suggests a check in place of one that is ill-formed.
func (l *linter) nearestCheck(c Check) string {
	var checks []string
	for _, r := range l.policy.Roles {
		for _, p := range l.granted[r.Name] {
			if near, ok := p.check(l.policy.parts()); ok {
				checks = append(checks, string(near))
			}
		}
	}
	return didYouMean(string(c), checks)
}

// roleName compares a role that the app asks for with the policy.
func (l *linter) roleName(name string, at Place) {
	if _, ok := l.granted[name]; !ok {
		l.find(Finding{Place: &at, Kind: Undeclared, Text: name,
			Why: "the policy has no such role" + didYouMean(name, l.policy.names())})
	}
}

// role finds the faults of a role. All files have been read.
func (l *linter) role(name string) {
	var unasked, withoutOwn []string
	permissions := map[Permission]bool{}
	for _, p := range l.granted[name] {
		permissions[p] = true
	}
	hasOwn := slices.Contains(l.policy.Accesses, "own")
	for _, p := range l.granted[name] {
		if !l.asked.covers(p) {
			unasked = append(unasked, p.String())
		}
		if p.Access == "any" && hasOwn && !permissions[Permission{p.Action, p.Entity, "own"}] {
			withoutOwn = append(withoutOwn, p.String())
		}
	}
	place := l.placeOf(name)
	if len(unasked) > 0 {
		l.find(Finding{Place: place, Kind: Unasked, Text: name, Permissions: unasked,
			Why: "no text of the app asks for these grants"})
	}
	if len(withoutOwn) > 0 {
		l.find(Finding{Place: place, Kind: AnyWithoutOwn, Text: name, Permissions: withoutOwn,
			Why: `the role has these grants without "own", and "any" never covers "own"`})
	}
}

func (l *linter) placeOf(role string) *Place {
	if at, ok := l.places[role]; ok {
		return &at
	}
	return nil
}
