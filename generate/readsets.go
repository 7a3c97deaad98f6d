package generate

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/seedkit/seedkit/internal/document"
)

// extensions are the ends of the names of files of fixtures.
var extensions = []string{".yaml", ".yml", ".json", ".csv"}

// ReadSets reads sets of fixtures from files and folders. docs/fixtures.md describes the files.
//
// A YAML or JSON file is a set with the name of the file. A CSV file has rows for the table with
// the name of the file, and belongs to the set reference. ReadSets reads the files of a folder, in
// the order of their names, and the files of the folders in that folder, which belong to sets with
// the folders' names. Files for the same set make one set together.
//
// ReadSets returns an error if a file is missing, if a folder has no files of fixtures, and for a
// file of another kind. [Write] reports mistakes in the files' fixtures.
func ReadSets(paths ...string) ([]Set, error) {
	r := &setReader{byName: map[string]*fileSet{}}
	for _, path := range paths {
		info, err := os.Stat(path)
		switch {
		case errors.Is(err, fs.ErrNotExist):
			return nil, fmt.Errorf("read the fixtures: %s: %w", path, fs.ErrNotExist)
		case err != nil:
			return nil, fmt.Errorf("read the fixtures: %w", err)
		case info.IsDir():
			err = r.folder(path)
		case !isFixtures(path):
			err = fmt.Errorf("%s is no file of fixtures, whose name ends in %s", path,
				strings.Join(extensions, ", "))
		default:
			err = r.file(path, "")
		}
		if err != nil {
			return nil, err
		}
	}
	return r.sets(), nil
}

func isFixtures(path string) bool {
	return slices.Contains(extensions, strings.ToLower(filepath.Ext(path)))
}

// A fileSet is the files of a set.
type fileSet struct {
	name  string
	files []*fixtureFile
}

type setReader struct {
	inOrder []*fileSet
	byName  map[string]*fileSet
}

// folder reads the files of a folder, and of the folders in it.
func (r *setReader) folder(path string) error {
	files, err := filesIn(path)
	if err != nil {
		return err
	}
	for _, f := range files {
		if err := r.file(f.path, f.set); err != nil {
			return err
		}
	}
	if len(files) > 0 {
		return nil
	}
	if program, _ := filepath.Glob(filepath.Join(path, "*.go")); len(program) > 0 {
		return fmt.Errorf("the folder %s has neither files of fixtures, whose names end in %s, "+
			"nor a Go program that calls gen.Main", path, strings.Join(extensions, ", "))
	}
	return fmt.Errorf("the folder %s has no files of fixtures, whose names end in %s", path,
		strings.Join(extensions, ", "))
}

// FixtureFiles returns the paths of the files that [ReadSets] reads from a folder, in that order.
func FixtureFiles(folder string) (paths []string, err error) {
	files, err := filesIn(folder)
	for _, f := range files {
		paths = append(paths, f.path)
	}
	return paths, err
}

// A foundFile is a file of fixtures in a folder, and the set that the file belongs to. If the set
// is "", the file determines it.
type foundFile struct{ path, set string }

// filesIn returns the files of fixtures in a folder, and in the folders in it.
func filesIn(folder string) (files []foundFile, err error) {
	entries, err := os.ReadDir(folder)
	if err != nil {
		return nil, fmt.Errorf("read the fixtures: %w", err)
	}
	for _, entry := range entries {
		path := filepath.Join(folder, entry.Name())
		switch {
		case strings.HasPrefix(entry.Name(), "."):
		case entry.IsDir():
			inner, err := os.ReadDir(path)
			if err != nil {
				return nil, fmt.Errorf("read the fixtures: %w", err)
			}
			for _, file := range inner {
				if !file.IsDir() && isFixtures(file.Name()) {
					files = append(files, foundFile{filepath.Join(path, file.Name()), entry.Name()})
				}
			}
		case isFixtures(entry.Name()):
			files = append(files, foundFile{path, ""})
		}
	}
	return files, nil
}

// file reads a file for a set. Without a set, the file determines it.
func (r *setReader) file(path, set string) error {
	source, err := os.ReadFile(path)
	if err != nil {
		return fmt.Errorf("read the fixtures: %w", err)
	}
	base := filepath.Base(path)
	extension := strings.ToLower(filepath.Ext(base))
	name := base[:len(base)-len(extension)]
	f := &fixtureFile{path: path}
	if extension == ".csv" {
		f.readCSV(name, source)
		r.add(cmp.Or(set, "reference"), f)
		return nil
	}
	read := document.YAML
	if extension == ".json" {
		read = document.JSON
	}
	root, found := read(source, fileRules)
	lines := strings.Split(string(source), "\n")
	for _, m := range found {
		way := ""
		if root == nil && extension[1] == 'y' && m.At.Line <= len(lines) &&
			strings.Contains(lines[m.At.Line-1], "${") {
			way = "; within { } and [ ] a text with ${…} needs quotes"
		}
		f.addf(m.At, "%s%s", m.Text, way)
	}
	if f.unread = root == nil; !f.unread {
		f.read(root)
	}
	r.add(cmp.Or(set, name), f)
	return nil
}

func (r *setReader) add(set string, f *fixtureFile) {
	s := r.byName[set]
	if s == nil {
		s = &fileSet{name: set}
		r.byName[set] = s
		r.inOrder = append(r.inOrder, s)
	}
	s.files = append(s.files, f)
}

// sets returns the sets of all files.
func (r *setReader) sets() (sets []Set) {
	for _, s := range r.inOrder {
		set := Set{Name: s.name, Fill: s.fill, needsAt: map[string]position{}}
		for _, f := range s.files {
			set.Sample = set.Sample || f.sample
			set.Whole = append(set.Whole, f.whole...)
			for _, need := range f.needs {
				set.Needs = append(set.Needs, need.Text)
				set.needsAt[need.Text] = f.position(need.At)
			}
		}
		sets = append(sets, set)
	}
	return sets
}

// fill declares the rows of the files. It numbers the rows of a table that have no names.
func (s *fileSet) fill(to *Fixtures) {
	rows := map[string]int{}
	for _, f := range s.files {
		for _, d := range f.roots {
			table := strings.ToLower(d.table)
			switch {
			case d.rows != nil:
				d.name, d.before = s.name, rows[table]
				rows[table] += d.count
			case d.unnamed:
				rows[table]++
				d.name = numberedName(s.name, rows[table])
			}
		}
		to.roots = append(to.roots, f.roots...)
		to.wrong = append(to.wrong, f.wrong...)
		to.unread = to.unread || f.unread
	}
}
