package live

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"
)

// LiteFSURL is where LiteFS serves its HTTP API by default.
const LiteFSURL = "http://localhost:20202"

// liteFSTimeout is how long LiteFS, on the same machine, may take to answer.
const liteFSTimeout = 2 * time.Second

// ReplicaError reports a database of LiteFS that cannot be written on this
// machine: it is a replica's, or nobody can say that it is the primary's.
type ReplicaError struct {
	Path    string
	Primary string // host name, "" if not known
	Err     error  // why the primary is not known, else nil
}

func (e *ReplicaError) Error() string {
	switch {
	case e.Primary != "":
		return fmt.Sprintf("%s is a LiteFS replica; the primary is %s", e.Path, e.Primary)
	case e.Err != nil:
		return fmt.Sprintf("%s is in LiteFS, which does not say whether this is the primary: %v", e.Path, e.Err)
	}
	return fmt.Sprintf("%s is in LiteFS, which has no primary at present", e.Path)
}

// Unwrap returns why the primary is not known.
func (e *ReplicaError) Unwrap() error { return e.Err }

// RefuseReplica returns a [*ReplicaError] unless the database can be written
// here. A write on a replica would only fail when it is committed, with an
// I/O error. That there is no .primary file does not make a primary: it is
// missing, too, while there is no leader. Then LiteFS itself is asked.
func RefuseReplica(ctx context.Context, db, url string) error {
	primary, found, err := readLine(primaryFile(db))
	if err != nil {
		return err
	}
	if found {
		return &ReplicaError{Path: db, Primary: primary}
	}
	if _, found, err = readLine(positionFile(db)); !found {
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

// liteFSInfo is what GET /info of LiteFS returns, as far as it matters here.
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
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, strings.TrimSuffix(url, "/")+"/info", nil)
	if err != nil {
		return info, err
	}
	// A transport of its own takes no proxy from the environment.
	transport := &http.Transport{DisableKeepAlives: true}
	resp, err := transport.RoundTrip(req)
	if err != nil {
		return info, fmt.Errorf("ask %s: %w", req.URL, err)
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return info, fmt.Errorf("ask %s: %s", req.URL, resp.Status)
	}
	if err := json.NewDecoder(io.LimitReader(resp.Body, 1<<16)).Decode(&info); err != nil {
		return info, fmt.Errorf("read the answer of %s: %w", req.URL, err)
	}
	return info, nil
}
