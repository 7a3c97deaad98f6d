package command

import "sync"

// notUTF8 returns a function that warns of the first line of a script that is not UTF-8, such as
// one in Latin-1. SQLite keeps its bytes as they are, and so does seedkit: a dump of a database has
// such bytes if the database has them.
func (t *terminal) notUTF8(script string) func(line int) {
	var once sync.Once
	return func(line int) {
		once.Do(func() {
			t.warnf("line %d of %s is not UTF-8: its bytes are taken as they are", line, script)
		})
	}
}
