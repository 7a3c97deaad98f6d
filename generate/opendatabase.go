package generate

import (
	"context"
	"database/sql"
	"fmt"

	"github.com/seedkit/seedkit/internal/sqlite"
)

// openDatabase is a transaction on a connection of database/sql.
type openDatabase struct {
	conn  *sql.Conn
	ended bool
}

// begin takes a connection and begins a transaction that writes. The deferral of foreign keys ends
// with the transaction (https://sqlite.org/pragma.html#pragma_defer_foreign_keys).
func begin(ctx context.Context, db *sql.DB) (*openDatabase, error) {
	conn, err := db.Conn(ctx)
	if err != nil {
		return nil, fmt.Errorf("connect to the database: %w", err)
	}
	d := &openDatabase{conn: conn}
	if err := d.exec(ctx, "BEGIN IMMEDIATE"); err != nil {
		// A transaction that is open is the caller's, unless ctx ended a BEGIN that has begun.
		d.ended = ctx.Err() == nil
		d.close()
		return nil, fmt.Errorf("begin a transaction: %w", err)
	}
	if err := d.exec(ctx, "PRAGMA defer_foreign_keys = ON"); err != nil {
		d.close()
		return nil, fmt.Errorf("defer foreign keys: %w", err)
	}
	return d, nil
}

func (d *openDatabase) exec(ctx context.Context, statement string) error {
	_, err := d.conn.ExecContext(ctx, statement)
	return err
}

// commit commits unless ctx is done. ctx cannot end a COMMIT that has begun, so that the caller
// knows whether the rows are there.
func (d *openDatabase) commit(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := d.exec(context.WithoutCancel(ctx), "COMMIT"); err != nil {
		return fmt.Errorf("commit: %w", err)
	}
	d.ended = true
	return nil
}

// close rolls back a transaction that is open, also after ctx is done, and gives the connection
// back.
func (d *openDatabase) close() error {
	if !d.ended {
		// After some errors SQLite has rolled back already, and ROLLBACK fails
		// (https://sqlite.org/lang_transaction.html).
		_ = d.exec(context.Background(), "ROLLBACK")
		d.ended = true
	}
	return d.conn.Close()
}

// insert inserts the noted rows of a table, in order. A table with triggers gets one row after
// another, as the scratch database did.
func (d *openDatabase) insert(ctx context.Context, c *sqlite.Conn, t noted) error {
	const parameters = 400 // of a statement; SQLite before 3.32 takes at most 999
	width := len(t.Columns)
	most := max(1, parameters/width)
	if len(t.Schema.Triggers) > 0 {
		most = 1
	}
	full := inserting{d: d, noted: t, rows: most}
	defer full.close()
	var args []any
	for row, err := range c.Query("SELECT * FROM " + t.notes + " ORDER BY rowid") {
		if err != nil {
			return fmt.Errorf("read the rows of %s: %w", t.Name, err)
		}
		for _, v := range row.Values() {
			args = append(args, v.Any())
		}
		if len(args) < most*width {
			continue
		}
		if err := full.insert(ctx, args); err != nil {
			return err
		}
		args = args[:0]
	}
	if len(args) == 0 {
		return nil
	}
	rest := inserting{d: d, noted: t, rows: len(args) / width}
	defer rest.close()
	return rest.insert(ctx, args)
}

// inserting is an INSERT of some rows into a table of the open database.
type inserting struct {
	d *openDatabase
	noted
	rows int
	stmt *sql.Stmt // nil until the first use
}

func (i *inserting) close() {
	if i.stmt != nil {
		i.stmt.Close()
	}
}

// insert inserts rows, and checks that all are inserted: a trigger can leave a row out.
func (i *inserting) insert(ctx context.Context, args []any) (err error) {
	if i.stmt == nil {
		statement := insertHead(i.Table) + parameters(len(i.Columns), i.rows)
		i.stmt, err = i.d.conn.PrepareContext(ctx, statement)
	}
	var result sql.Result
	if err == nil {
		result, err = i.stmt.ExecContext(ctx, args...)
	}
	if err != nil {
		return fmt.Errorf("insert into %s of the open database: %w", i.Name, err)
	}
	if n, err := result.RowsAffected(); err == nil && n != int64(i.rows) {
		return fmt.Errorf("insert into %s of the open database: %d of %d rows are inserted",
			i.Name, n, i.rows)
	}
	return nil
}
