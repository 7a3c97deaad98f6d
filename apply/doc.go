// Package apply inserts the rows of a seed into a live database. It makes a plan, asks, makes a
// verified backup, and inserts the rows in one transaction. It checks the rows before and after the
// commit. If an error or a kill ends the work, the database either is unchanged or has all the new
// rows.
package apply
