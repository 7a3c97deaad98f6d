package backup_test

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seedkit/seedkit/backup"
	"github.com/seedkit/seedkit/internal/testdb"
)

// TestRestoreCountsNoShadowRows holds that shadow tables are not tables of the app: one row of the
// app changes several rows in the shadow tables. The rows of a virtual table count if no other
// table has them.
func TestRestoreCountsNoShadowRows(t *testing.T) {
	db := testdb.Make(t, "wal", `
		CREATE TABLE note (id INTEGER PRIMARY KEY, text);
		CREATE VIRTUAL TABLE note_fts USING fts5(text, content='note', content_rowid='id');
		CREATE TRIGGER ai AFTER INSERT ON note BEGIN
			INSERT INTO note_fts(rowid, text) VALUES (new.id, new.text); END;
		CREATE VIRTUAL TABLE doc USING fts5(title);
		CREATE VIRTUAL TABLE doc_old USING fts5(title);
		CREATE VIRTUAL TABLE place USING rtree(id, x0, x1);
		CREATE VIRTUAL TABLE same USING rtree(id, x0, x1);
		INSERT INTO same VALUES (1, 1, 2);
		INSERT INTO place VALUES (1, 1, 2), (2, 2, 3);
		INSERT INTO doc VALUES ('a'), ('b');
		INSERT INTO note VALUES (1, 'one');`)
	m := backUp(t, db, backup.Options{})
	all := []backup.TableChange{
		{Table: "note", Back: 1}, {Table: "doc", Back: 2}, {Table: "doc_old"},
		{Table: "place", Back: 2}, {Table: "same", Back: 1},
	}
	wantPlan(t, m.Path, db+"-new", all)
	testdb.Change(t, db, `
		INSERT INTO note VALUES (2, 'two');
		INSERT INTO doc VALUES ('c'); DELETE FROM doc WHERE title = 'a';
		INSERT INTO doc_old VALUES ('x');
		UPDATE place SET x1 = 9 WHERE id = 1;`)
	wantPlan(t, m.Path, db, []backup.TableChange{
		{Table: "note", Lost: 1}, {Table: "doc", Lost: 1, Back: 1}, {Table: "doc_old", Lost: 1},
		{Table: "place", Lost: 1, Back: 1},
	})
	testdb.Change(t, db, "DROP TABLE same; DROP TABLE doc")
	wantPlan(t, m.Path, db, []backup.TableChange{
		{Table: "note", Lost: 1}, {Table: "doc", Back: 2}, {Table: "doc_old", Lost: 1},
		{Table: "place", Lost: 1, Back: 1}, {Table: "same", Back: 1},
	})
	if err := restore(t, m.Path, db, backup.RestoreOptions{Now: testdb.Now}); err != nil {
		t.Fatal(err)
	}
	wantPlan(t, m.Path, db, nil)
}

func wantPlan(t *testing.T, from, to string, want []backup.TableChange) {
	t.Helper()
	var got []backup.TableChange
	err := restore(t, from, to, backup.RestoreOptions{
		Create:  true,
		Confirm: func(p backup.RestorePlan) (bool, error) { got = p.Tables; return false, nil },
	})
	if !errors.Is(err, backup.ErrDeclined) {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("tables that differ: %s", diff)
	}
}
