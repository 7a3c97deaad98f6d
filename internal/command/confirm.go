package command

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
)

var (
	// errNoConsent means that nobody could be asked and no flag consented.
	errNoConsent = errors.New(
		"nobody to ask: standard input is not a terminal, and --yes is not given")

	// errNoChoice means that nobody could be asked which of several files to take.
	errNoChoice = errors.New("nobody to ask which one: standard input is not a terminal")

	// errDeclined means that the answer was no.
	errDeclined = errors.New("not confirmed, nothing changed")
)

// confirm returns nil if the user agrees: with --yes, or by answering y to the question. Otherwise
// it returns errNoConsent, errDeclined, or the error of a context that ends before the answer.
func (t *terminal) confirm(ctx context.Context, question string, yes bool) error {
	if yes {
		return nil
	}
	if !t.interactive {
		return errNoConsent
	}
	answer, err := t.ask(ctx, question+" [y/N] ")
	if err == nil && answer != "y" && answer != "yes" {
		err = errDeclined
	}
	return err
}

// choose returns the number, counted from 0, of the one of n things that the user names. It returns
// errNoChoice if standard input is not a terminal, and errDeclined if the answer is not one of the
// numbers.
func (t *terminal) choose(ctx context.Context, question string, n int) (int, error) {
	if !t.interactive {
		return 0, errNoChoice
	}
	answer, err := t.ask(ctx, fmt.Sprintf("%s (1 to %d, or nothing for none) ", question, n))
	if err != nil {
		return 0, err
	}
	number, err := strconv.Atoi(answer)
	if err != nil || number < 1 || number > n {
		return 0, errDeclined
	}
	return number - 1, nil
}

// ask returns the answer to a question in lower case, or the error of a context that ends before
// the answer.
func (t *terminal) ask(ctx context.Context, question string) (string, error) {
	fmt.Fprint(t.err, printable(question))
	answer := make(chan string, 1)
	go func() {
		line, _ := t.in.ReadString('\n')
		answer <- strings.ToLower(strings.TrimSpace(line))
	}()
	select {
	case <-ctx.Done():
		fmt.Fprintln(t.err)
		return "", ctx.Err()
	case a := <-answer:
		return a, nil
	}
}
