//go:build libsql

package main

import _ "github.com/tursodatabase/go-libsql"

const driver = "libsql"

func dataSource(path string) string { return "file:" + path }
