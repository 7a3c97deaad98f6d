package extract

import (
	"os"

	"github.com/seedkit/seedkit/internal/migration"
	"github.com/seedkit/seedkit/internal/schema"
)

// baselineAlone makes the baseline of the plain script at path, which is in no folder of
// migrations: the script without its block, after the seed's schema without what the script
// creates. A script with nothing but the block has no baseline.
func (r *run) baselineAlone(path string) error {
	text, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	own, err := migration.WithoutBlock(text)
	if err != nil {
		return err
	}
	created, some := schema.Created(string(own))
	if !some {
		return nil
	}
	before, err := schema.StatementsBut(r.seed.Conn, created)
	if err != nil {
		return err
	}
	foreign, err := schema.ReadForeign(r.seed.Conn)
	if err != nil {
		return err
	}
	scripts := []schema.Script{
		{Name: "the seed's schema", SQL: before}, {Name: path, SQL: string(text)},
	}
	source := schema.Source{Format: migration.SQL, Scripts: scripts, Lacking: foreign.Lacking()}
	return r.adoptBaseline(source, path, path)
}
