// Package apply works on a live database: it backs it up, verifies backups,
// restores them, and writes seed data to it. Whatever happens on the way, a
// kill included, the database is afterwards either as it was or as it should
// be, and a backup is whole or is not one.
package apply
