package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
)

var (
	// errNoConsent means that there was nobody to ask and no flag that consents.
	errNoConsent = errors.New("nobody to ask: standard input is not a terminal, and --yes is not given")

	// errDeclined means that the answer was no.
	errDeclined = errors.New("not confirmed, nothing changed")
)

// confirm returns nil when the user agrees, having typed --yes or answering the question with
// y. Otherwise it returns errNoConsent, errDeclined, or the error of a context that ends while
// the question stands.
func (t *terminal) confirm(ctx context.Context, question string, yes bool) error {
	if yes {
		return nil
	}
	if !t.interactive {
		return errNoConsent
	}
	fmt.Fprintf(t.err, "%s [y/N] ", question)
	answer := make(chan string, 1)
	go func() {
		line, _ := t.in.ReadString('\n')
		answer <- strings.ToLower(strings.TrimSpace(line))
	}()
	select {
	case <-ctx.Done():
		fmt.Fprintln(t.err)
		return ctx.Err()
	case a := <-answer:
		if a == "y" || a == "yes" {
			return nil
		}
		return errDeclined
	}
}
