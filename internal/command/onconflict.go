package command

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/seedkit/seedkit/apply"
	"github.com/seedkit/seedkit/internal/nearest"
	"github.com/seedkit/seedkit/internal/pattern"
)

// conflictPolicies are the policies that a user has given.
type conflictPolicies struct {
	rest apply.Policy            // "" if none is given for all tables
	of   map[string]apply.Policy // by the table's name
}

// onConflictFlag makes the flag that takes a policy for all tables, and policies for single tables.
func onConflictFlag(dst *conflictPolicies, usage string) cli.Flag {
	f := parsedFlag(dst, string(apply.Abort), func(text string) (conflictPolicies, error) {
		return dst.with(text)
	}, "on-conflict", usage, nil)
	value := f.Value.(*parsedValue[conflictPolicies])
	value.repeats = true
	for _, policy := range apply.Policies {
		value.choices = append(value.choices, string(policy))
	}
	return f
}

// with adds the policies of a text, such as "skip" or "Role=adopt,Plan=update".
func (c conflictPolicies) with(text string) (conflictPolicies, error) {
	out := conflictPolicies{rest: c.rest, of: maps.Clone(c.of)}
	if out.of == nil {
		out.of = map[string]apply.Policy{}
	}
	for _, part := range splitOutsideQuotes(text) {
		table, word, named := cutLast(strings.TrimSpace(part), "=")
		policy, err := parsePolicy(word)
		if err != nil {
			return c, err
		}
		if !named {
			if out.rest != "" && out.rest != policy {
				return c, fmt.Errorf("%s and %s cannot both be for all other tables",
					out.rest, policy)
			}
			out.rest = policy
			continue
		}
		if table, err = unquoteName(table); err != nil {
			return c, err
		}
		if other, twice := out.of[table]; twice && other != policy {
			return c, fmt.Errorf("table %s cannot have both %s and %s", table, other, policy)
		}
		out.of[table] = policy
	}
	return out, nil
}

func parsePolicy(word string) (apply.Policy, error) {
	if slices.Contains(apply.Policies, apply.Policy(word)) {
		return apply.Policy(word), nil
	}
	words := make([]string, len(apply.Policies))
	for i, policy := range apply.Policies {
		words[i] = string(policy)
	}
	if near, found := nearest.Nearest(word, words); found {
		return "", fmt.Errorf("did you mean %s?", near)
	}
	return "", fmt.Errorf("want %s, or TABLE=WHAT", listed("or", words))
}

// splitOutsideQuotes splits a text at the commas that are not in double quotes.
func splitOutsideQuotes(text string) []string {
	quoted := false
	return strings.FieldsFunc(text, func(c rune) bool {
		if c == '"' {
			quoted = !quoted
		}
		return c == ',' && !quoted
	})
}

func cutLast(text, sep string) (before, after string, found bool) {
	if i := strings.LastIndex(text, sep); i >= 0 {
		return text[:i], text[i+len(sep):], true
	}
	return "", text, false
}

// unquoteName reads a table's name as patterns of tables have it. A star is not allowed.
func unquoteName(text string) (string, error) {
	patterns, err := pattern.Parse(text)
	switch {
	case err != nil:
		return "", err
	case len(patterns) != 1 || patterns[0].Wild():
		return "", errors.New("want one table's name before the =")
	}
	return strings.ReplaceAll(strings.Trim(strings.TrimSpace(text), `"`), `""`, `"`), nil
}

// policyHint says how the choices of policies settle the conflicts of err, or "".
func policyHint(err error) string {
	var choices []apply.Choice
	canSkip := false
	if conflicts, ok := errors.AsType[*apply.ConflictsError](err); ok {
		choices, canSkip = conflicts.Help, conflicts.CanSkip
	} else if strangers, ok := errors.AsType[*apply.StrangersError](err); ok {
		choices = strangers.Help
	}
	var ways []string
	for _, choice := range choices {
		if !isSkip(choice) || !canSkip {
			ways = append(ways, wayOf(choice))
		}
	}
	if canSkip {
		ways = append(ways, "--on-conflict skip leaves these rows of the seed out")
	}
	if len(ways) > 0 && as[*apply.ConflictsError](err) && !as[*planFailure](err) {
		ways = append([]string{"--dry-run without --quiet lists the first of them"}, ways...)
	}
	return strings.Join(ways, "; ")
}

func isSkip(choice apply.Choice) bool {
	return !slices.ContainsFunc(choice.Policies, func(p apply.TablePolicy) bool {
		return p.Policy != apply.Skip
	})
}

// policyEffects says what each policy does, in the order in which a hint says it.
var policyEffects = []struct {
	policy apply.Policy
	effect string
}{
	{apply.Adopt, "keeps the rows of DB, and the seed's references follow to their keys"},
	{apply.Update, "writes the seed's values over those of DB"},
	{apply.Renumber, "inserts the rows under free ids, and the seed's references follow"},
	{apply.Skip, "leaves these rows of the seed out"},
}

// wayOf writes a choice as the flag, and says what it does.
func wayOf(choice apply.Choice) string {
	var parts, effects []string
	chosen := map[apply.Policy]bool{}
	for _, p := range choice.Policies {
		parts = append(parts, fmt.Sprintf("%s=%s", pattern.Quote(p.Table), p.Policy))
		chosen[p.Policy] = true
	}
	several := len(chosen) > 1
	for _, p := range policyEffects {
		if !chosen[p.policy] {
			continue
		}
		if several {
			effects = append(effects, fmt.Sprintf("%s %s", p.policy, p.effect))
		} else {
			effects = append(effects, p.effect)
		}
	}
	flag := "--on-conflict " + shellWord(strings.Join(parts, ","))
	if several {
		return flag + ": " + strings.Join(effects, "; ")
	}
	return flag + " " + effects[0]
}

// shellWord quotes a text for a shell if the shell would not take it as one word.
func shellWord(text string) string {
	plain := func(c rune) bool {
		return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' ||
			strings.ContainsRune("_-=,./", c)
	}
	if strings.IndexFunc(text, func(c rune) bool { return !plain(c) }) < 0 {
		return text
	}
	return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'"
}
