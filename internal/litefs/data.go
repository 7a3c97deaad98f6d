package litefs

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
)

// DataError reports the file in which LiteFS keeps a database. LiteFS does not see what is written
// there, and loses it. The rows in the -wal are missing there.
type DataError struct {
	Path string
	// Database is the path of the database in LiteFS's mount, or only its name if no mount is
	// known.
	Database string
}

func (e *DataError) Error() string {
	where := e.Database + " in LiteFS's mount"
	if filepath.IsAbs(e.Database) {
		where = e.Database
	}
	return fmt.Sprintf("%s is LiteFS's own file; the database is %s", e.Path, where)
}

// RefuseData returns a [*DataError] if LiteFS keeps a database in the file: DATA/dbs/NAME/database,
// with a folder ltx beside it.
func RefuseData(path string) error {
	file := path
	if target, err := filepath.EvalSymlinks(path); err == nil {
		file = target
	}
	file, err := filepath.Abs(file)
	if err != nil {
		return err
	}
	dir := filepath.Dir(file)
	if filepath.Base(file) != "database" || filepath.Base(filepath.Dir(dir)) != "dbs" {
		return nil
	}
	if info, err := os.Stat(filepath.Join(dir, "ltx")); err != nil || !info.IsDir() {
		return nil
	}
	name := filepath.Base(dir)
	for _, mount := range mounts() {
		db := filepath.Join(mount, name)
		if _, found, err := Position(db); err == nil && found {
			return &DataError{Path: path, Database: db}
		}
	}
	return &DataError{Path: path, Database: name}
}

// mounts returns the folders that LiteFS serves on this machine. Only Linux has the list, as
// LiteFS.
func mounts() []string {
	f, err := os.Open("/proc/self/mounts")
	if err != nil {
		return nil
	}
	defer f.Close()
	return parseMounts(f)
}

// parseMounts reads the list in the form of fstab(5).
func parseMounts(r io.Reader) (dirs []string) {
	unescape := strings.NewReplacer(`\040`, " ", `\011`, "\t", `\012`, "\n", `\134`, `\`)
	for lines := bufio.NewScanner(r); lines.Scan(); {
		fields := strings.Fields(lines.Text())
		if len(fields) > 2 && fields[0] == "litefs" && strings.HasPrefix(fields[2], "fuse") {
			dirs = append(dirs, unescape.Replace(fields[1]))
		}
	}
	return dirs
}
