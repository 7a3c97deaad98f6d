package command

import (
	"os"
	"path/filepath"
	"regexp"
)

// configurations are the files in which Prisma and drizzle-kit can have the URL of the development
// database itself, instead of the name of a variable.
var configurations = []string{"schema.prisma", "prisma.config.ts", "drizzle.config.ts"}

// fileURL matches a line of a configuration, not a comment, that gives url a value which begins
// with "file:", or a variable with such a default.
var fileURL = regexp.MustCompile("(?m)^[^/\n]*\\burl\\b[^\n]*[\"'`](file:[^\"'`\n]+)[\"'`]")

// configuredURL returns the URL in a configuration in the folder dir, or "" if there is none.
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
