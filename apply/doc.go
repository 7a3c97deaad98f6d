// Package apply inserts the rows of a seed into a live database: after a plan,
// a question and a verified backup, in one transaction, and with a check before
// and after the commit. Whatever happens on the way, a kill included, the
// database is afterwards either as it was or as it should be.
package apply
