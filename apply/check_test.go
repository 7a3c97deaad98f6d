package apply_test

import (
	"context"
	"errors"
	"iter"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seedkit/seedkit/apply"
	"github.com/seedkit/seedkit/internal/sqlite"
	"github.com/seedkit/seedkit/internal/testdb"
)

func TestCheck(t *testing.T) {
	admins := func(seen *[]int64, need int64) apply.Check {
		return func(_ context.Context, query func(string, ...any) iter.Seq2[[]any, error]) error {
			for row, err := range query("SELECT count(*) FROM Grants WHERE role = ?", "r1") {
				if err != nil {
					return err
				}
				*seen = append(*seen, row[0].(int64))
				if row[0].(int64) < need {
					return errTooFew
				}
			}
			return nil
		}
	}
	takeOne := edits(apply.Edit{Table: "Grants", Where: values{"role": "r1", "permission": "p2"}})
	t.Run("passes in the plan and in the transaction", func(t *testing.T) {
		db := testdb.Make(t, "wal", roles)
		var seen []int64
		_, err := script(t, db, noRows, apply.Options{Edits: takeOne, Check: admins(&seen, 1)})
		if diff := cmp.Diff([]int64{1, 1}, seen); diff != "" || err != nil {
			t.Errorf("%v, %s", err, diff)
		}
	})
	t.Run("refuses in the plan", func(t *testing.T) {
		db := testdb.Make(t, "wal", roles)
		before := contentOf(t, db)
		var seen []int64
		err := refusesInPlan(t, db, noRows, apply.Options{Edits: takeOne, Check: admins(&seen, 2)})
		if !errors.Is(err, errTooFew) || contentOf(t, db) != before {
			t.Errorf("got %v", err)
		}
	})
	t.Run("refuses in the transaction", func(t *testing.T) {
		db := testdb.Make(t, "wal", roles)
		var seen []int64
		var theirs string
		_, err := script(t, db, newUser, apply.Options{
			Edits: takeOne, Check: admins(&seen, 1),
			Confirm: func(apply.Plan) (bool, error) {
				testdb.Change(t, db, "DELETE FROM Grants WHERE role = 'r1' AND permission = 'p1'")
				theirs = testdb.Content(t, db) + contentOf(t, db)
				return true, nil
			},
		})
		if !errors.Is(err, errTooFew) {
			t.Errorf("got %v", err)
		}
		if diff := cmp.Diff(theirs, testdb.Content(t, db)+contentOf(t, db)); diff != "" {
			t.Error(diff)
		}
	})
	t.Run("is not asked if nothing changes", func(t *testing.T) {
		db := testdb.Make(t, "wal", roles)
		fails := func(context.Context, func(string, ...any) iter.Seq2[[]any, error]) error {
			return errTooFew
		}
		const there = "INSERT INTO Role(id, name, note) VALUES('r1', 'admin', NULL)"
		result, err := script(t, db, there, apply.Options{Check: fails})
		if err != nil || result.Plan.Identical() != 1 {
			t.Errorf("got %+v, %v", result, err)
		}
	})
	t.Run("cannot write", func(t *testing.T) {
		db := testdb.Make(t, "wal", roles)
		err := refusesInPlan(t, db, newUser, apply.Options{Check: func(
			_ context.Context, query func(string, ...any) iter.Seq2[[]any, error],
		) error {
			for _, err := range query("DELETE FROM Role RETURNING id") {
				return err
			}
			return nil
		}})
		if !sqlite.Is(err, sqlite.ReadOnlyDB) {
			t.Errorf("got %v", err)
		}
	})
	t.Run("gets Go's own values", func(t *testing.T) {
		db := testdb.Make(t, "wal", roles)
		_, err := script(t, db, newUser, apply.Options{Check: func(
			_ context.Context, query func(string, ...any) iter.Seq2[[]any, error],
		) error {
			want := []any{nil, int64(7), 1.5, "a", []byte{0, 1}}
			for row, err := range query("SELECT NULL, 7, 1.5, 'a', x'0001'") {
				if diff := cmp.Diff(want, row); diff != "" || err != nil {
					t.Errorf("%v %s", err, diff)
				}
			}
			return nil
		}})
		if err != nil {
			t.Error(err)
		}
	})
}

var errTooFew = errors.New("too few")
