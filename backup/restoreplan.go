package backup

import (
	"github.com/seedkit/seedkit/internal/litefs"
	"github.com/seedkit/seedkit/internal/sqlite"
)

// RestorePlan is what a restore would change.
type RestorePlan struct {
	// Backup describes the backup to restore.
	Backup Manifest `json:"backup"`
	// Database is the path of the database to restore to.
	Database string `json:"database"`
	// Exists reports whether the database exists. If it does not, Restore makes it.
	Exists bool `json:"exists"`
	// LiteFSPosition is the position of LiteFS when the plan was made, TXID/checksum. It is empty
	// without LiteFS.
	LiteFSPosition string `json:"litefs_position,omitempty"`
	// NoManifest reports that no manifest vouches for the backup's content.
	NoManifest bool `json:"no_manifest"`
	// SchemaDiffers reports that the database's schema differs from the backup's.
	SchemaDiffers bool `json:"schema_differs"`
	// Tables are the app's tables that differ. The tables of the backup come first. A restore also
	// restores SQLite's own tables, such as sqlite_sequence, and the shadow tables of virtual
	// tables, but Tables does not list them. Instead of its shadow tables, Tables lists a virtual
	// table whose rows are not another table's.
	Tables []TableChange `json:"tables"`
}

// TableChange counts the rows that a restore changes in a table. A row that was changed since the
// backup counts as lost and as back. If only one side has the table, all its rows count.
type TableChange struct {
	Table string `json:"table"`
	// Lost counts the rows of the database that are not in the backup.
	Lost int64 `json:"lost"`
	// Back counts the rows of the backup that are not in the database.
	Back int64 `json:"back"`
}

// plan compares the backup, which src reads, with dst's present state. It compares whole rows, by
// storage class and bytes. Each of several equal rows counts.
func (r *restore) plan(src, dst *sqlite.Conn) error {
	r.result.Plan = RestorePlan{
		Backup: r.manifest, Database: r.db, Exists: true, NoManifest: r.noManifest,
	}
	plan := &r.result.Plan
	var err error
	if plan.LiteFSPosition, _, err = litefs.Position(r.db); err != nil {
		return err
	}
	schema, err := hashSchema(dst)
	if err != nil {
		return err
	}
	plan.SchemaDiffers = schema != r.manifest.SchemaHash
	backup, err := appTables(src)
	if err != nil {
		return err
	}
	present, err := appTables(dst)
	if err != nil {
		return err
	}
	compared, err := newComparison(src, dst)
	if err != nil {
		return err
	}
	pairs := pairTables(backup, present)
	for i, p := range pairs {
		r.progress.report(Counting, int64(i), int64(len(pairs)))
		change, err := compared.change(p)
		if err != nil {
			return err
		}
		if p.isHalf() || change.Lost+change.Back > 0 {
			plan.Tables = append(plan.Tables, change)
		}
	}
	r.progress.report(Counting, int64(len(pairs)), int64(len(pairs)))
	return nil
}
