package disaster

import (
	"bytes"
	"maps"
	"math/rand/v2"
	"slices"
)

// A disk is a folder as a file system has it: what the processes see, and what a power failure
// leaves for certain. Of the rest, anything may be left: of each write some sectors, and of the
// changes of names those before some moment, because a file system keeps their order.
type disk struct {
	names, flushed map[string]*inode
	renames        []func(names map[string]*inode) // since the folder was flushed
}

type inode struct {
	now, flushed []byte
	writes       []write // since the file was flushed
}

// A write is bytes at an offset, or a new size.
type write struct {
	offset int64
	bytes  []byte
	resize bool
}

const sector = 512

func newDisk(files map[string][]byte) *disk {
	d := &disk{names: map[string]*inode{}}
	for name, text := range files {
		d.names[name] = &inode{now: bytes.Clone(text), flushed: bytes.Clone(text)}
	}
	d.flushed = maps.Clone(d.names)
	return d
}

// change changes names.
func (d *disk) change(how func(names map[string]*inode)) {
	how(d.names)
	d.renames = append(d.renames, how)
}

func (d *disk) flushNames() { d.flushed, d.renames = maps.Clone(d.names), nil }

func (i *inode) write(w write) {
	i.now = w.apply(i.now)
	i.writes = append(i.writes, w)
}

func (i *inode) flush() { i.flushed, i.writes = bytes.Clone(i.now), nil }

func (w write) apply(to []byte) []byte {
	end := w.offset + int64(len(w.bytes))
	if grow := end - int64(len(to)); grow > 0 {
		to = append(to, make([]byte, grow)...)
	}
	if w.resize {
		return to[:w.offset]
	}
	copy(to[w.offset:], w.bytes)
	return to
}

// A failure says which part of what was not flushed a power failure leaves: of the changes of names
// the first part, and each sector with some probability.
type failure struct{ names, sectors float64 }

// left returns the files after a power failure.
func (d *disk) left(f failure, random *rand.Rand) map[string][]byte {
	names := maps.Clone(d.flushed)
	for _, change := range d.renames[:int(f.names*float64(len(d.renames)))] {
		change(names)
	}
	files := map[string][]byte{}
	for _, name := range slices.Sorted(maps.Keys(names)) {
		files[name] = names[name].left(f, random)
	}
	return files
}

func (i *inode) left(f failure, random *rand.Rand) []byte {
	text := bytes.Clone(i.flushed)
	for _, w := range i.writes {
		if w.resize {
			if random.Float64() < f.sectors {
				text = w.apply(text)
			}
			continue
		}
		for part := range w.sectors() {
			if random.Float64() < f.sectors {
				text = part.apply(text)
			}
		}
	}
	return text
}

// sectors yields the parts of a write that are in different sectors of the file.
func (w write) sectors() func(yield func(write) bool) {
	return func(yield func(write) bool) {
		for at := int64(0); at < int64(len(w.bytes)); {
			size := min(sector-(w.offset+at)%sector, int64(len(w.bytes))-at)
			if !yield(write{offset: w.offset + at, bytes: w.bytes[at : at+size]}) {
				return
			}
			at += size
		}
	}
}
