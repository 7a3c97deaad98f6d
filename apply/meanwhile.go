package apply

import (
	"fmt"
	"os"
	"slices"

	"github.com/seedkit/seedkit/internal/sqlite"
)

// ChangedError reports that the target has changed after the plan, so that the plan no longer says
// what would happen. Nothing was changed.
type ChangedError struct {
	Path string
	What string // what is different: `trigger mail is new`
}

func (e *ChangedError) Error() string {
	return fmt.Sprintf("%s is not as the plan was made for it: %s", e.Path, e.What)
}

// seen is what a plan has seen of the target, beside its rows.
type seen struct {
	file    os.FileInfo
	version uint32            // counts the commits of others; see [sqlite.Conn.DataVersion]
	objects map[string]string // the SQL of each object of the schema, by type and name
}

// look notes what c's open transaction sees of the target.
func (s *seen) look(c *sqlite.Conn) (err error) {
	if s.version, err = c.DataVersion(); err != nil {
		return err
	}
	s.objects, err = schemaObjects(c)
	return err
}

// schemaObjects returns the SQL of each object of the schema. It leaves out the statistics of
// SQLite's planner, which ANALYZE makes at any time.
func schemaObjects(c *sqlite.Conn) (map[string]string, error) {
	const list = `SELECT type || ' ' || name, tbl_name || ' ' || coalesce(sql, '')
		FROM sqlite_schema WHERE name NOT GLOB 'sqlite_stat[1-4]'`
	objects := map[string]string{}
	for row, err := range c.Query(list) {
		if err != nil {
			return nil, fmt.Errorf("read the schema: %w", err)
		}
		objects[row.Text(0)] = row.Text(1)
	}
	return objects, nil
}

// checkSeen checks under the write lock that the path still leads to the file of the plan, and that
// nobody has changed the schema. It reports whether nobody has written anything since the plan.
func (r *run) checkSeen() (unwritten bool, err error) {
	file, err := os.Stat(r.path)
	if err != nil || !os.SameFile(file, r.seen.file) {
		return false, &ChangedError{Path: r.path, What: "another file has taken its place"}
	}
	version, err := r.dst.DataVersion()
	if err != nil || version == r.seen.version {
		return err == nil, err
	}
	now, err := schemaObjects(r.dst)
	if err != nil {
		return false, err
	}
	if what := difference(r.seen.objects, now); what != "" {
		return false, &ChangedError{Path: r.path, What: what}
	}
	return false, nil
}

// difference names one object in which two schemas differ. It returns "" if they are equal.
func difference(before, now map[string]string) string {
	var found []string
	for name, sql := range now {
		if was, ok := before[name]; !ok {
			found = append(found, name+" is new")
		} else if was != sql {
			found = append(found, name+" has changed")
		}
	}
	for name := range before {
		if _, ok := now[name]; !ok {
			found = append(found, name+" is gone")
		}
	}
	if len(found) == 0 {
		return ""
	}
	return slices.Min(found)
}
