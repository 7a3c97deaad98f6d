package migration

// Record is one of the tables that [Keeper] knows.
type Record struct{ Tool, Table, Columns string }

// Records lists all tables that [Keeper] knows.
func Records() (all []Record) {
	for _, r := range records {
		all = append(all, Record{r.tool, r.table, r.columns})
	}
	return all
}
