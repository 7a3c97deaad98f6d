package migration

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
)

// PrismaAdapter reports whether the Prisma project that contains a folder reaches its database
// through a driver adapter, as all projects of Prisma 7 do. The project is the nearest folder with
// a prisma.config.ts, from dir up to the root of the repository. Its package.json must depend on an
// adapter. An empty dir is in no project.
func PrismaAdapter(dir string) bool {
	if dir == "" {
		return false
	}
	dir, err := filepath.Abs(dir)
	if err != nil {
		return false
	}
	for {
		in := onDisk(dir)
		if len(in.glob("prisma.config.*")) > 0 || len(in.glob(".config/prisma.*")) > 0 {
			return dependsOnAdapter(dir)
		}
		parent := filepath.Dir(dir)
		if parent == dir || in.has(".git") {
			return false
		}
		dir = parent
	}
}

func dependsOnAdapter(dir string) bool {
	text, err := os.ReadFile(filepath.Join(dir, "package.json"))
	if err != nil {
		return false
	}
	var project struct {
		Dependencies    map[string]string
		DevDependencies map[string]string
	}
	if json.Unmarshal(text, &project) != nil {
		return false
	}
	for _, dependencies := range []map[string]string{
		project.Dependencies, project.DevDependencies,
	} {
		for name := range dependencies {
			if strings.HasPrefix(name, "@prisma/adapter-") {
				return true
			}
		}
	}
	return false
}
