package schema

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/seedkit/seedkit/internal/migration"
	"github.com/seedkit/seedkit/internal/sqlite"
	"github.com/seedkit/seedkit/internal/sqltext"
)

// Source is the source of a schema: scripts, in the order in which they run. The rows that the
// scripts insert are the baseline.
type Source struct {
	Format  migration.Format
	Scripts []Script
	Folder  migration.Folder // the folder that has the scripts; zero if there is none
	// Lacking names the objects that the script of a database lacks; see [Foreign.Lacking].
	Lacking []string
	// IsSchema means that the only script is the app's schema and not a migration. Apply leaves out
	// the objects that only the app's SQLite can create.
	IsSchema bool
	Database string // the path of the database whose schema it is; "" for scripts
}

// Script is one file of SQL.
type Script struct {
	Name string // the path of the file, for messages
	SQL  string
	rest bool // the script lacks seedkit's block; see [migration.Format.ParseRest]
}

// ReadSource reads a schema from a script, a folder of migrations or a database. It does not read
// the rows of a database. A path that is not a regular file, such as a pipe, is a script.
func ReadSource(ctx context.Context, path string) (Source, error) {
	return readSource(ctx, path, Statements)
}

// ReadAppSource does what [ReadSource] does, without the tables in which migration tools keep their
// state.
func ReadAppSource(ctx context.Context, path string) (Source, error) {
	return readSource(ctx, path, appStatements)
}

func readSource(
	ctx context.Context, path string, of func(*sqlite.Conn) (string, error),
) (Source, error) {
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return Source{}, fmt.Errorf("%s: %w", path, fs.ErrNotExist)
	case err != nil:
		return Source{}, err
	case info.IsDir():
		return readMigrations(path)
	case !info.Mode().IsRegular(), strings.EqualFold(filepath.Ext(path), ".sql"):
		return readScript(ctx, path)
	default:
		return readDatabase(ctx, path, of)
	}
}

// ReadSourceFS reads a schema from the migrations at the root of a file system.
func ReadSourceFS(fsys fs.FS) (Source, error) {
	folder, err := migration.ReadFS(fsys)
	if err != nil {
		return Source{}, err
	}
	return FromFolder(folder)
}

func readMigrations(dir string) (Source, error) {
	folder, err := migration.ReadFolder(dir)
	if err != nil {
		return Source{}, err
	}
	return FromFolder(folder)
}

// FromFolder returns the schema that the migrations of a folder create. If one of them is a
// program, the error is [migration.ErrProgram].
func FromFolder(folder migration.Folder) (Source, error) {
	source := Source{Format: folder.Format, Folder: folder}
	for _, m := range folder.Migrations {
		if m.Program {
			return Source{}, fmt.Errorf("%s %w", m.Path, migration.ErrProgram)
		}
		source.Scripts = append(source.Scripts, Script{Name: m.Path, SQL: m.SQL})
	}
	return source, nil
}

func readScript(ctx context.Context, path string) (Source, error) {
	f, err := OpenScript(ctx, path)
	if err != nil {
		return Source{}, err
	}
	defer f.Close()
	text, err := io.ReadAll(f)
	if err != nil {
		return Source{}, err
	}
	if err := sqltext.CheckEncoding(text[:min(len(text), sqltext.EncodingLen)]); err != nil {
		return Source{}, fmt.Errorf("%s %w", path, err)
	}
	script := Script{Name: path, SQL: string(text)}
	return Source{Format: migration.SQL, Scripts: []Script{script}, IsSchema: true}, nil
}

// readDatabase reads the statements that create the objects of a database.
func readDatabase(
	ctx context.Context, path string, of func(*sqlite.Conn) (string, error),
) (Source, error) {
	c, err := sqlite.Open(ctx, path, sqlite.ReadOnly)
	if err != nil {
		return Source{}, err
	}
	defer c.Close()
	if err := c.Check(); err != nil && !errors.Is(err, sqlite.ErrEmpty) {
		return Source{}, fmt.Errorf("%s: %w", path, err)
	}
	sql, err := of(c)
	if err != nil {
		return Source{}, fmt.Errorf("%s: %w", path, err)
	}
	foreign, err := ReadForeign(c)
	if err != nil {
		return Source{}, fmt.Errorf("%s: %w", path, err)
	}
	return Source{
		Format: migration.SQL, Scripts: []Script{{Name: path, SQL: sql}},
		Lacking: foreign.Lacking(), Database: path,
	}, nil
}

// Statements returns the script that creates the tables, indexes, views and triggers of a database.
// The script leaves out the tables that SQLite creates itself and the objects that only the app's
// SQLite can run; see [Foreign].
func Statements(c *sqlite.Conn) (string, error) {
	return statements(c, func(_, _ string) bool { return true })
}

// appStatements does what [Statements] does, without the tables of migration tools.
func appStatements(c *sqlite.Conn) (string, error) {
	columns, err := columnsOfTables(c)
	if err != nil {
		return "", err
	}
	return statements(c, func(table, _ string) bool {
		return !migration.IsBookkeeping(table, columns[table])
	})
}

// statements does what [Statements] does, for the wanted objects only. The table is the one that an
// object belongs to.
func statements(c *sqlite.Conn, wanted func(table, name string) bool) (string, error) {
	foreign, err := ReadForeign(c)
	if err != nil {
		return "", err
	}
	const objects = `SELECT tbl_name, name, sql FROM sqlite_schema s
		WHERE sql IS NOT NULL AND tbl_name NOT LIKE 'sqlite\_%' ESCAPE '\'
		AND name NOT IN (SELECT name FROM pragma_table_list WHERE type = 'shadow')
		ORDER BY type <> 'table', type <> 'index', rowid`
	var out strings.Builder
	for row, err := range c.Query(objects) {
		if err != nil {
			return "", fmt.Errorf("read the schema: %w", err)
		}
		if wanted(row.Text(0), row.Text(1)) && !foreign.has(row.Text(1), row.Text(0)) {
			fmt.Fprintf(&out, "%s\n;\n", row.Text(2))
		}
	}
	return out.String(), nil
}

// columnsOfTables returns the column names of every table. It leaves out virtual tables, because
// their modules may be missing.
func columnsOfTables(c *sqlite.Conn) (map[string][]string, error) {
	const columns = `SELECT t.name, c.name FROM sqlite_schema t, pragma_table_xinfo(t.name) c
		WHERE t.type = 'table' AND t.rootpage > 0 AND c.hidden <> 1 ORDER BY t.rowid, c.cid`
	tables := map[string][]string{}
	for row, err := range c.Query(columns) {
		if err != nil {
			return nil, fmt.Errorf("read the columns of tables: %w", err)
		}
		table := row.Text(0)
		tables[table] = append(tables[table], row.Text(1))
	}
	return tables, nil
}

// WithoutBlocks returns the source without the rows that seedkit has put into its scripts. If path
// is not empty, only the script at that path loses its block, rows of a seed or not.
func (s Source) WithoutBlocks(path string) (Source, error) {
	out := s
	out.Scripts = slices.Clone(s.Scripts)
	for i, script := range out.Scripts {
		if path != "" && !SameFile(path, script.Name) {
			continue
		}
		without := migration.WithoutSeed
		if path != "" {
			without = migration.WithoutBlock
		}
		text, err := without([]byte(script.SQL))
		if err != nil {
			return Source{}, fmt.Errorf("%s: %w", script.Name, err)
		}
		out.Scripts[i].rest = path != "" || len(text) < len(script.SQL)
		out.Scripts[i].SQL = string(text)
	}
	return out, nil
}

// SameFile reports whether both paths lead to one file.
func SameFile(a, b string) bool {
	infoA, errA := os.Stat(a)
	infoB, errB := os.Stat(b)
	return errA == nil && errB == nil && os.SameFile(infoA, infoB)
}

// Apply runs the scripts of the source on an empty database, as their tool runs them. An error
// names the script and the line.
func (s Source) Apply(c *sqlite.Conn) error {
	for i := range s.Scripts {
		if err := s.ApplyScript(c, i); err != nil {
			return err
		}
	}
	return nil
}

// StatementError is a statement of a script that SQLite refuses.
type StatementError struct {
	Name string // the name of the script
	Line int
	Err  error
}

func (e *StatementError) Error() string {
	if _, ok := sqlite.MissingOf(e.Err); ok {
		return fmt.Sprintf("%s:%d: only the app's SQLite can run this: %v", e.Name, e.Line, e.Err)
	}
	return fmt.Sprintf("%s:%d: %v", e.Name, e.Line, e.Err)
}

// Unwrap returns SQLite's error.
func (e *StatementError) Unwrap() error { return e.Err }

// ApplyScript runs the i-th script of [Source.Apply], after the scripts before it.
func (s Source) ApplyScript(c *sqlite.Conn, i int) (err error) {
	if err := c.AllowQuotedStrings(true); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, c.AllowQuotedStrings(false)) }()
	c.BeginScript(int64(i))
	script := s.Scripts[i]
	sql := script.SQL
	if s.IsSchema {
		if sql, err = withoutForeign(c, sql); err != nil {
			return err
		}
	}
	parse := s.Format.Parse
	if script.rest {
		parse = s.Format.ParseRest
	}
	parsed, err := parse([]byte(sql))
	if err == nil {
		err = parsed.Run(c)
	}
	if err == nil { // a dump writes virtual tables into the schema table
		err = c.Exec("PRAGMA writable_schema = RESET")
	}
	if err == nil && s.IsSchema {
		err = dropForeign(c)
	}
	var at *sqlite.ScriptError
	switch {
	case errors.As(err, &at):
		return &StatementError{Name: script.Name, Line: at.Line, Err: at.Err}
	case err != nil:
		return fmt.Errorf("%s: %w", script.Name, err)
	}
	return nil
}
