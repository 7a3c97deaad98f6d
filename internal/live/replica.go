package live

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/seedkit/seedkit/internal/litefs"
)

// LiteFSURL is where LiteFS serves its HTTP API by default.
const LiteFSURL = "http://localhost:20202"

// liteFSTimeout limits how long LiteFS, which runs on the same machine, may take to answer.
const liteFSTimeout = 2 * time.Second

// ReplicaError reports a database of LiteFS that cannot be written on this machine: this is a
// replica, or LiteFS does not say that this is the primary.
type ReplicaError struct {
	Path    string
	Primary string // The host name, empty if unknown.
	Err     error  // Why the primary is unknown, or nil.
}

func (e *ReplicaError) Error() string {
	switch {
	case e.Primary != "":
		return fmt.Sprintf("%s is a LiteFS replica; the primary is %s", e.Path, e.Primary)
	case e.Err != nil:
		return fmt.Sprintf("%s is in LiteFS, which does not say whether this is the primary: %v",
			e.Path, e.Err)
	}
	return fmt.Sprintf("%s is in LiteFS, which has no primary at present", e.Path)
}

// Unwrap returns why the primary is not known.
func (e *ReplicaError) Unwrap() error { return e.Err }

// RefuseReplica returns a [*ReplicaError] unless the database can be written on this machine. On a
// replica a write would only fail when it is committed, with an I/O error. A replica has a .primary
// file, but a missing .primary file does not show that this is the primary: the file is also
// missing while LiteFS has no leader. Without the file, RefuseReplica asks the LiteFS API at url.
func RefuseReplica(ctx context.Context, db, url string) error {
	primary, found, err := litefs.Primary(db)
	if err != nil {
		return err
	}
	if found {
		return &ReplicaError{Path: db, Primary: primary}
	}
	if _, found, err = litefs.Position(db); !found {
		return err
	}
	info, err := askLiteFS(ctx, url)
	if err != nil {
		return &ReplicaError{Path: db, Err: err}
	}
	if !info.IsPrimary {
		return &ReplicaError{Path: db, Primary: info.Primary.Hostname}
	}
	return nil
}

// liteFSInfo holds the fields that seedkit reads from LiteFS's answer to GET /info.
type liteFSInfo struct {
	IsPrimary bool `json:"isPrimary"`
	Primary   struct {
		Hostname string `json:"hostname"`
	} `json:"primary"`
}

func askLiteFS(ctx context.Context, url string) (info liteFSInfo, err error) {
	if url == "" {
		url = LiteFSURL
	}
	ctx, cancel := context.WithTimeout(ctx, liteFSTimeout)
	defer cancel()
	url = strings.TrimSuffix(url, "/") + "/info"
	text, err := get(ctx, url)
	if err != nil {
		return info, fmt.Errorf("ask %s: %w", url, err)
	}
	if err := json.Unmarshal(text, &info); err != nil {
		return info, fmt.Errorf("read the answer of %s: %w", url, err)
	}
	return info, nil
}
