package generate

import (
	"context"
	"database/sql"
	"errors"

	"github.com/seedkit/seedkit/internal/sqlite"
)

// ErrSchemaGiven reports options of [Fill] that name a schema.
var ErrSchemaGiven = errors.New("the open database has the schema, so the options must name none")

// Fill generates rows and inserts them into an open database, with any driver for SQLite. The
// database may be in memory. Fill reads the schema and all rows out of the database. The rows are
// the baseline: a fixture with the same values in a unique key adopts the row that is there. On a
// schema with the same baseline, Fill inserts the values that [Write] writes. Only a trigger of the
// database that asks for the time or for a random number gets the driver's, and libSQL's driver
// cuts a text at a NUL.
//
// Fill uses one connection of db, so db may have a limit of one. The functions of fixtures must not
// use db. Fill inserts the rows in one transaction, which it begins before it reads. After an error
// it rolls the transaction back. Fill keeps the settings of the connection. It checks all foreign
// keys, also of the baseline, even if the connection does not check them.
//
// The options must name no schema: otherwise the error is [ErrSchemaGiven]. Force and the mark of
// sample rows are for files, and mean nothing here. Errors are those of Write, or the driver's. The
// report counts the rows that are in the database afterwards.
func Fill(ctx context.Context, db *sql.DB, opts Options) (report Report, err error) {
	if opts.SchemaPath != "" || opts.SchemaFS != nil || opts.SchemaSQL != "" {
		return Report{}, ErrSchemaGiven
	}
	r, err := opts.newRun(ctx)
	if err != nil {
		return Report{}, err
	}
	r.open, err = begin(ctx, db)
	if err != nil {
		return Report{}, err
	}
	defer func() { err = errors.Join(err, r.open.close()) }()
	r.ledger = &ledger{}
	return r.do(ctx, nil, func(c *sqlite.Conn) error {
		for _, t := range r.ledger.tables {
			if err := r.open.insert(ctx, c, t); err != nil {
				return err
			}
		}
		return r.open.commit(ctx)
	})
}
