package rbac

import (
	"fmt"
	"io"

	"github.com/seedkit/seedkit/internal/document"
)

// rules limit a policy file.
var rules = document.Rules{What: "a policy", Bytes: 1 << 20, Keys: 10_000, Levels: 10}

// A reader reads the YAML of a policy, and notes all mistakes.
type reader struct {
	*mistakes
	places map[place]*document.Node
	unread bool // a part of the vocabulary could not be read
}

// root reads the file, and returns the one value in it, or nil if there is a mistake.
func (r *reader) root(file io.Reader) (*document.Node, error) {
	source, err := io.ReadAll(io.LimitReader(file, int64(rules.Bytes)+1))
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", r.file, err)
	}
	root, found := document.YAML(source, rules)
	for _, m := range found {
		r.addf(m.At, "%s", m.Text)
	}
	return root, nil
}
