package generate

import (
	"fmt"
	"path"
	"path/filepath"
	"reflect"
	"runtime"
	"strings"
)

// position is a place in the source code or in a file of fixtures. The zero position is that of
// Options.Rows.
type position struct {
	file         string
	line, column int // column is 0 in source code
}

func (p position) String() string {
	if p.file == "" {
		return "Options.Rows"
	}
	if p.column == 0 {
		return fmt.Sprintf("%s:%d", p.file, p.line)
	}
	return fmt.Sprintf("%s:%d:%d", p.file, p.line, p.column)
}

// or returns p, or other if p is no place.
func (p position) or(other position) position {
	if p == (position{}) {
		return other
	}
	return p
}

// from returns p with the path of a source file relative to a folder. It returns p if the folder is
// "", or if the path is relative already, as in a program that was built with -trimpath.
func (p position) from(dir string) position {
	if dir == "" || p.column > 0 || !filepath.IsAbs(p.file) {
		return p
	}
	if file, err := filepath.Rel(dir, p.file); err == nil {
		p.file = file
	}
	return p
}

// caller returns the position that called the function that calls caller.
func caller() position {
	var pcs [1]uintptr
	frame, _ := runtime.CallersFrames(pcs[:runtime.Callers(3, pcs[:])]).Next()
	return positionOf(frame)
}

// panicSite returns the position that called panic, or that made the runtime panic. It works only
// in a deferred function.
func panicSite() position {
	pcs := make([]uintptr, 64)
	frames := runtime.CallersFrames(pcs[:runtime.Callers(1, pcs)])
	panicking := false
	for {
		frame, more := frames.Next()
		if panicking && !strings.HasPrefix(frame.Function, "runtime.") || !more {
			return positionOf(frame)
		}
		panicking = panicking || frame.Function == "runtime.gopanic"
	}
}

// module is the path of this module, with a slash at the end.
var module = strings.TrimSuffix(reflect.TypeFor[Fixtures]().PkgPath(), "generate")

// positionOf returns the position of a frame. A file of this module has its path in the module,
// because its path on the machine that compiled the module says nothing to others.
func positionOf(frame runtime.Frame) position {
	p := position{file: frame.File, line: frame.Line}
	function, ok := strings.CutPrefix(frame.Function, module)
	if ok && !strings.HasSuffix(p.file, "_test.go") {
		name := strings.LastIndexByte(function, '/') + 1
		dot := strings.IndexByte(function[name:]+".", '.')
		p.file = function[:name+dot] + "/" + path.Base(p.file)
	}
	return p
}
