//go:build modernc

package main

import _ "modernc.org/sqlite"

const driver = "sqlite"

func dataSource(path string) string { return path }
