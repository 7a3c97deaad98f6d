package command

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"github.com/seedkit/seedkit/backup"
)

// chooseBackup returns the path of a backup. If path is a folder, chooseBackup lists the folder's
// backups of the database db and asks which one to take: seedkit never chooses by itself.
func (t *terminal) chooseBackup(ctx context.Context, path, db string) (string, error) {
	if info, err := os.Stat(path); err != nil || !info.IsDir() {
		return path, nil // backup.Restore reports a missing file
	}
	copies, err := backup.Copies(path, db)
	if err != nil {
		return "", err
	}
	if len(copies) == 0 {
		return "", fmt.Errorf("%s holds no backup of %s", path, db)
	}
	if err := t.listBackups(copies, db); err != nil {
		return "", err
	}
	t.json.give(restoreReport{Copies: copyReports(copies)}, nil)
	i, err := t.choose(ctx, fmt.Sprintf("Restore %s from which?", db), len(copies))
	if err != nil {
		return "", err
	}
	return copies[i].Path, nil
}

// A copyReport describes a backup in a folder. State says whether a manifest vouches for the
// backup.
type copyReport struct {
	backup.Copy
	State string `json:"state"`
}

func copyReports(copies []backup.Copy) []copyReport {
	reports := make([]copyReport, len(copies))
	for i, c := range copies {
		reports[i] = copyReport{Copy: c, State: backupState(c.Err)}
	}
	return reports
}

// listBackups prints the backups with their numbers. If one of them is of a database at another
// path than db, it prints their databases as well. The list is part of a question, so it appears
// with --quiet too.
func (t *terminal) listBackups(copies []backup.Copy, db string) error {
	header := []string{"", "MADE", "SIZE", "ROWS", "STATE", "BACKUP"}
	here, err := filepath.Abs(db)
	if err != nil {
		return err
	}
	var rows [][]string
	for i, c := range copies {
		count := ""
		if c.Err == nil {
			_, n := c.Manifest.Count()
			count = strconv.FormatInt(n, 10)
		}
		row := []string{
			strconv.Itoa(i + 1), c.Made.UTC().Format(time.RFC3339), byteCount(c.Bytes), count,
			backupState(c.Err), c.Path,
		}
		if c.Err == nil && c.Manifest.Source != here {
			header = []string{"", "MADE", "SIZE", "ROWS", "STATE", "BACKUP", "OF"}
			row = append(row, c.Manifest.Source)
		}
		rows = append(rows, row)
	}
	return writeTable(t.err, header, rows)
}

// backupState says whether a manifest vouches for a file. err is the error of reading the manifest.
func backupState(err error) string {
	switch {
	case err == nil:
		return "verified when made"
	case errors.Is(err, backup.ErrIncomplete):
		return "no manifest"
	case errors.Is(err, backup.ErrMismatch):
		return "differs from its manifest"
	case as[*backup.FormatError](err):
		return "manifest of a later version"
	default:
		return "manifest cannot be read"
	}
}

// byteCount writes a size in the unit that leaves one to three digits before the point.
func byteCount(bytes int64) string {
	units := []string{"B", "kB", "MB", "GB", "TB"}
	size, unit := float64(bytes), 0
	for size >= 999.95 && unit < len(units)-1 {
		size, unit = size/1000, unit+1
	}
	if unit == 0 {
		return fmt.Sprintf("%d B", bytes)
	}
	return fmt.Sprintf("%.1f %s", size, units[unit])
}
