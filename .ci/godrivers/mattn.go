//go:build mattn

package main

import _ "github.com/mattn/go-sqlite3"

const driver = "sqlite3"

func dataSource(path string) string { return path }
