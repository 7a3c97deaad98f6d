package backup

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/seedkit/seedkit/internal/atomicfile"
)

// unfinished is a database file that is not complete yet. It is in the folder of its final name.
// Only a process that is killed, or that may not remove a file, leaves its files, and [Leftovers]
// finds them.
type unfinished struct {
	lock *lockFile
	// path is the temporary path of the database. It is empty after the file got its final name
	// without a hard link.
	path string
}

// purpose says what an unfinished file becomes. It is part of the name.
type purpose string

const (
	forBackup    purpose = "backup"    // complete only with its manifest
	forRestore   purpose = "restore"   // complete with its final name
	forRehearsal purpose = "rehearsal" // never gets a final name
)

// createUnfinished creates an empty file that only its owner can read.
func createUnfinished(final string, p purpose) (*unfinished, error) {
	lock, err := createLock(final, p)
	if err != nil {
		return nil, &FolderError{Dir: filepath.Dir(final), File: final, Err: errors.Unwrap(err)}
	}
	u := &unfinished{lock: lock, path: lock.path + dataSuffix}
	f, err := os.OpenFile(u.path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		lock.remove()
		return nil, &FolderError{Dir: filepath.Dir(final), File: final, Err: errors.Unwrap(err)}
	}
	return u, f.Close()
}

// publish gives the file its final name. It never overwrites a file: if the name is taken, the
// error is [fs.ErrExist]. Until discard, the file has its temporary name, too, where the file
// system has hard links. So [Leftovers] knows a backup that never got its manifest. After any
// error the file does not have its final name.
func (u *unfinished) publish(final string) error {
	u.removeSideFiles()
	err := os.Link(u.path, final)
	if err != nil && !errors.Is(err, fs.ErrExist) {
		err = u.rename(final)
	}
	if err != nil {
		return err
	}
	if err := atomicfile.SyncDir(filepath.Dir(final)); err != nil {
		return errors.Join(err, os.Remove(final))
	}
	return nil
}

// rename renames the file if the final name is free. It is for file systems without hard links.
// There a program cannot check a name and take it in one step.
func (u *unfinished) rename(final string) error {
	if _, err := os.Lstat(final); !errors.Is(err, fs.ErrNotExist) {
		return &fs.PathError{Op: "rename", Path: final, Err: fs.ErrExist}
	}
	err := os.Rename(u.path, final)
	if err == nil {
		u.path = ""
	}
	return err
}

// writeManifest writes the text of a manifest beside the backup at path, which was published. After
// an error there is no manifest.
func (u *unfinished) writeManifest(path string, text []byte) error {
	temporary := u.lock.path + manifestSuffix
	f, err := os.OpenFile(temporary, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(text)
	if err == nil {
		err = f.Sync()
	}
	if closed := f.Close(); err == nil {
		err = closed
	}
	if err == nil {
		err = os.Rename(temporary, ManifestPath(path))
	}
	if err != nil {
		os.Remove(temporary)
		return err
	}
	if err := atomicfile.SyncDir(filepath.Dir(path)); err != nil {
		return errors.Join(err, os.Remove(ManifestPath(path)))
	}
	return nil
}

// discard removes the temporary names. What was published stays.
func (u *unfinished) discard() { _ = u.lock.removeAll(u.lock.files()) }

// removeSideFiles removes the files that SQLite may have created beside the file.
func (u *unfinished) removeSideFiles() {
	for _, suffix := range sideSuffixes {
		os.Remove(u.path + suffix)
	}
}
