package command

import (
	"os"
	"path/filepath"
	"slices"
)

// A framework keeps the development database of its apps in a usual place, which no URL names.
type framework struct {
	mark string // a file that only an app of the framework has, relative to the app's folder
	dbs  []string
}

var frameworks = []framework{
	// https://laravel.com/docs/database#sqlite-configuration
	{"artisan", []string{"database/database.sqlite"}},
	// https://guides.rubyonrails.org/configuring.html#configuring-an-sqlite3-database, before and
	// since Rails 7.1
	{"config/application.rb", []string{"storage/development.sqlite3", "db/development.sqlite3"}},
}

// frameworkDatabase returns the development database of the app in the folder dir, or "" if there
// is none. env is the app's file .env. Laravel names the kind of the database there, and the file
// if it is not the usual one.
func frameworkDatabase(dir string, env map[string]string) string {
	if kind := env["DB_CONNECTION"]; kind != "" && kind != "sqlite" || env["DB_URL"] != "" {
		return ""
	}
	if file := env["DB_DATABASE"]; env["DB_CONNECTION"] != "" && filepath.IsAbs(file) {
		return existing(file)
	}
	for _, f := range frameworks {
		if existing(filepath.Join(dir, f.mark)) == "" {
			continue
		}
		i := slices.IndexFunc(f.dbs, func(db string) bool {
			return existing(filepath.Join(dir, db)) != ""
		})
		if i >= 0 {
			return filepath.Join(dir, f.dbs[i])
		}
	}
	return ""
}

// existing returns path if it leads to a regular file, and "" otherwise.
func existing(path string) string {
	if info, err := os.Stat(path); err == nil && info.Mode().IsRegular() {
		return path
	}
	return ""
}
