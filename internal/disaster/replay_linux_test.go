package disaster

import (
	"encoding/hex"
	"fmt"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
)

// recorded are the calls of which a disk can be built again.
var recorded = append([]string{"open", "openat"}, changing...)

var (
	textArgument = regexp.MustCompile(`"((?:\\x[0-9a-f]{2})*)"(\.\.\.)?`)
	fileArgument = regexp.MustCompile(`^\d+<([^>]*)>`)
	lastArgument = regexp.MustCompile(`, (\d+)$`)
)

// replay does to the disk what a call did to the folder. The record has all texts in hexadecimal.
func (d *disk) replay(dir string, c call) error {
	if strings.HasPrefix(c.returned, "-1") || strings.HasPrefix(c.returned, "?") {
		return nil
	}
	texts, err := c.texts()
	if err != nil {
		return err
	}
	switch c.name {
	case "open", "openat":
		name, ok := within(dir, texts[0])
		if ok && strings.Contains(c.args, "O_CREAT") && d.names[name] == nil {
			made := &inode{}
			d.change(func(names map[string]*inode) { names[name] = made })
		}
		return nil
	case "linkat", "rename", "renameat", "renameat2", "unlink", "unlinkat":
		return d.rename(dir, c, texts)
	}
	file, err := c.file()
	if err != nil {
		return err
	}
	name, ok := within(dir, file)
	switch {
	case !ok:
		return nil
	case name == ".":
		d.flushNames()
		return nil
	case d.names[name] == nil:
		return nil // the file has no name any more
	}
	return d.names[name].replay(c, texts)
}

func (i *inode) replay(c call, texts []string) error {
	number := func() (int64, error) {
		m := lastArgument.FindStringSubmatch(c.args)
		if m == nil {
			return 0, fmt.Errorf("%s(%s) ends without a number", c.name, c.args)
		}
		return strconv.ParseInt(m[1], 10, 64)
	}
	switch c.name {
	case "fsync", "fdatasync":
		i.flush()
	case "write":
		i.write(write{offset: int64(len(i.now)), bytes: []byte(texts[0])})
	case "pwrite64":
		offset, err := number()
		if err != nil {
			return err
		}
		i.write(write{offset: offset, bytes: []byte(texts[0])})
	case "ftruncate":
		size, err := number()
		if err != nil {
			return err
		}
		i.write(write{offset: size, resize: true})
	default:
		return fmt.Errorf("nothing is known of %s", c.name)
	}
	return nil
}

// rename replays a call that changes names.
func (d *disk) rename(dir string, c call, texts []string) error {
	from, ok := within(dir, texts[0])
	if !ok {
		return nil
	}
	switch c.name {
	case "unlink", "unlinkat":
		d.change(func(names map[string]*inode) { delete(names, from) })
		return nil
	}
	to, ok := within(dir, texts[1])
	if !ok {
		return fmt.Errorf("%s leaves the folder: %q", c.name, texts)
	}
	file := d.names[from]
	d.change(func(names map[string]*inode) {
		names[to] = file
		if c.name != "linkat" {
			delete(names, from)
		}
	})
	return nil
}

// within returns the name of a file in a folder. The process has worked in the folder.
func within(dir, path string) (name string, ok bool) {
	if !filepath.IsAbs(path) {
		path = filepath.Join(dir, path)
	}
	name, err := filepath.Rel(dir, path)
	return name, err == nil && !strings.HasPrefix(name, "..") &&
		!strings.HasSuffix(name, "-shm")
}

func (c call) texts() (texts []string, err error) {
	for _, m := range textArgument.FindAllStringSubmatch(c.args, -1) {
		if m[2] != "" {
			return nil, fmt.Errorf("%s: the record has only a part of a text", c.name)
		}
		text, err := unescape(m[1])
		if err != nil {
			return nil, err
		}
		texts = append(texts, text)
	}
	return texts, nil
}

// file returns the path of the file descriptor that is the call's first argument.
func (c call) file() (string, error) {
	m := fileArgument.FindStringSubmatch(c.args)
	if m == nil {
		return "", fmt.Errorf("%s(%s) has no file", c.name, c.args)
	}
	if strings.HasPrefix(m[1], `\x`) {
		return unescape(m[1])
	}
	return m[1], nil
}

func unescape(text string) (string, error) {
	b, err := hex.DecodeString(strings.ReplaceAll(text, `\x`, ""))
	return string(b), err
}
