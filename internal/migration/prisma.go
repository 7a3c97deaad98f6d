package migration

import (
	"path/filepath"
	"slices"
	"time"

	"github.com/seedkit/seedkit/internal/sqlite"
)

// prisma runs migration.sql as SQLite does, without a transaction of its own,
// so that a statement that fails leaves those before it behind. `deploy` goes
// by the name alone: an edit of a migration that has run never runs.
type prisma struct{}

// folderScript is the file that Prisma, and Drizzle from version 1 on, read in
// a migration's folder.
const folderScript = "migration.sql"

func (prisma) read(dir string) ([]Migration, error) { return scriptFolders(dir), nil }

// scriptFolders lists the migrations that are folders with a script, by name.
func scriptFolders(dir string) (migrations []Migration) {
	paths := glob(dir, "*", folderScript)
	slices.Sort(paths)
	for _, path := range paths {
		name := filepath.Base(filepath.Dir(path))
		migrations = append(migrations, Migration{Name: name, Version: name, Path: path})
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

// applied counts neither a migration that failed nor one that was marked as
// rolled back: Prisma runs those again.
func (prisma) applied(c *sqlite.Conn, m Migration) (bool, error) {
	return recorded(c, "_prisma_migrations",
		"SELECT 1 FROM _prisma_migrations WHERE migration_name = ? AND finished_at IS NOT NULL AND rolled_back_at IS NULL", m.Version)
}
