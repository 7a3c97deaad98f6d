package migration

import (
	"path"
	"path/filepath"
	"slices"
	"time"

	"github.com/seedkit/seedkit/internal/sqlite"
)

// prisma gives migration.sql to SQLite as it is, without a transaction. If a statement fails, the
// effects of the statements before it remain. `prisma migrate deploy` compares only the names: it
// never runs an edited migration that has run before.
type prisma struct{}

// folderScript is the file that Prisma, and Drizzle from version 1 on, read in a migration's
// folder.
const folderScript = "migration.sql"

func (prisma) read(in files) ([]Migration, error) { return scriptFolders(in), nil }

// scriptFolders lists the migrations that are folders with a script, sorted by name.
func scriptFolders(in files) (migrations []Migration) {
	scripts := in.glob("*/" + folderScript)
	slices.Sort(scripts)
	for _, script := range scripts {
		name := path.Dir(script)
		m := Migration{Name: name, Version: name, Path: in.path(script)}
		migrations = append(migrations, m)
	}
	return migrations
}

func (prisma) parse(text string) (*Script, error) {
	s := whole(text)
	s.style = inTransaction
	s.endStatement()
	return s.wantUTF8(), nil
}

func (prisma) next(f Folder, name string, now time.Time) ([]File, error) {
	last, _ := f.last()
	name = timestampAfter(digits(last.Name), now) + "_" + name
	return []File{{Path: filepath.Join(f.Dir, name, folderScript)}}, nil
}

// applied does not count a migration that failed or that is marked as rolled back, because Prisma
// runs such a migration again.
func (prisma) applied(c *sqlite.Conn, m Migration) (bool, error) {
	return recorded(c, "_prisma_migrations",
		"SELECT 1 FROM _prisma_migrations WHERE migration_name = ? AND finished_at IS NOT NULL "+
			"AND rolled_back_at IS NULL", m.Version)
}
