package command

// sayPosition says at which position LiteFS is. It says nothing without LiteFS.
func (t *terminal) sayPosition(position string) {
	if position != "" {
		t.sayf("LiteFS is at position %s", position)
	}
}

// sayReplicated says which position of LiteFS has what was written to the database. It says nothing
// without LiteFS.
func (t *terminal) sayReplicated(position, db string) {
	if position != "" {
		t.sayf("LiteFS has it at position %s; a replica has it when the file %s-pos there says "+
			"so, or says a later one", position, db)
	}
}
