package main

import (
	"os"
	"path/filepath"
	"regexp"
)

// configurations are the files in which Prisma and drizzle-kit can have the URL of the development
// database itself, and not the name of a variable.
var configurations = []string{"schema.prisma", "prisma.config.ts", "drizzle.config.ts"}

// fileURL is a line of such a file, no comment, that gives url a value which begins with "file:",
// or has one as the default of a variable.
var fileURL = regexp.MustCompile("(?m)^[^/\n]*\\burl\\b[^\n]*[\"'`](file:[^\"'`\n]+)[\"'`]")

// configuredURL returns the URL that a configuration in the folder dir has, "" if none has one.
func configuredURL(dir string) string {
	for _, name := range configurations {
		text, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			continue
		}
		if match := fileURL.FindSubmatch(text); match != nil {
			return string(match[1])
		}
	}
	return ""
}
