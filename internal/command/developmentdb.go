package command

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/joho/godotenv"
)

// developmentDatabase returns the development database of the project that has the migration at
// path. DATABASE_URL in the environment names it first. After it come the folder of the migration
// and the folders above, the nearest first: DATABASE_URL in the folder's file .env, the URL in a
// tool's configuration, and the usual place in an app of Laravel or Rails. If seedkit cannot read
// the database, db is empty and unasked says why. Both are empty if nothing names a database.
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
			return databaseAt(env["DATABASE_URL"], "DATABASE_URL in "+file,
				append([]string{dir}, parents(path)...))
		}
		if url := configuredURL(dir); url != "" {
			return databaseAt(url, "the configuration in "+dir,
				append([]string{dir}, parents(path)...))
		}
		if db := frameworkDatabase(dir, env); db != "" {
			return db, ""
		}
	}
	return "", ""
}

// databaseAt returns the file that a URL names, or says why there is none. It does not repeat the
// URL, which may hold a password. Tools resolve a relative path from different folders: Prisma from
// the folder of schema.prisma, others from the project's. databaseAt takes the first of dirs that
// has such a file.
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

// parents returns the folders that contain path, the innermost first. The last is the root of the
// repository, or of the file system if there is no repository.
func parents(path string) []string {
	var dirs []string
	for dir := filepath.Dir(path); ; dir = filepath.Dir(dir) {
		dirs = append(dirs, dir)
		if _, err := os.Stat(filepath.Join(dir, ".git")); err == nil || filepath.Dir(dir) == dir {
			return dirs
		}
	}
}
