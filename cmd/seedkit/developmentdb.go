package main

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/joho/godotenv"
)

// developmentDatabase returns the database that the project of the migration
// at path is developed with: the one that DATABASE_URL names, in the
// environment or in the nearest file .env on the way up from the migration, or
// that a tool's configuration there names by itself, or that an app of Laravel or
// Rails keeps in the usual place. If that is none that can be
// asked, unasked says why; both are empty if nothing names one.
func developmentDatabase(path string) (db, unasked string) {
	path, err := filepath.Abs(path)
	if err != nil {
		return "", ""
	}
	if url := os.Getenv("DATABASE_URL"); url != "" {
		return databaseAt(url, "DATABASE_URL", append([]string{"."}, parents(path)...))
	}
	for _, dir := range parents(path) {
		file := filepath.Join(dir, ".env")
		env, err := godotenv.Read(file)
		if err == nil && env["DATABASE_URL"] != "" {
			return databaseAt(env["DATABASE_URL"], "DATABASE_URL in "+file, append([]string{dir}, parents(path)...))
		}
		if url := configuredURL(dir); url != "" {
			return databaseAt(url, "the configuration in "+dir, append([]string{dir}, parents(path)...))
		}
		if db := frameworkDatabase(dir, env); db != "" {
			return db, ""
		}
	}
	return "", ""
}

// databaseAt returns the file that a URL names, or says why there is none; the
// URL itself, which may hold a password, is not repeated. Tools take a relative
// path to start in different folders: Prisma in that of schema.prisma, others in
// the project's. The first in which there is such a file is meant.
func databaseAt(url, name string, dirs []string) (db, unasked string) {
	if scheme := remoteScheme(url); scheme != "" {
		return "", fmt.Sprintf("%s names a remote database (%s)", name, scheme)
	}
	path, ok := parseDatabaseURL(url)
	if !ok || path == "" {
		return "", name + " is not the URL of a file"
	}
	for _, dir := range dirs {
		candidate := path
		if !filepath.IsAbs(path) {
			candidate = filepath.Join(dir, path)
		}
		if info, err := os.Stat(candidate); err == nil && info.Mode().IsRegular() {
			return candidate, ""
		}
	}
	return "", fmt.Sprintf("%s names %s, which is not there", name, path)
}

// parents returns the folders that path is in, the innermost first, as far as
// the project goes: to its repository's root, or the root of all.
func parents(path string) []string {
	var dirs []string
	for dir := filepath.Dir(path); ; dir = filepath.Dir(dir) {
		dirs = append(dirs, dir)
		if _, err := os.Stat(filepath.Join(dir, ".git")); err == nil || filepath.Dir(dir) == dir {
			return dirs
		}
	}
}
