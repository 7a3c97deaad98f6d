package model_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestNamedParents checks to which tables columns refer without a foreign key. References by names
// that only resemble the table's are none of the table's keys.
func TestNamedParents(t *testing.T) {
	m, _ := read(t, `CREATE TABLE users(id TEXT PRIMARY KEY, created_by TEXT);
		CREATE TABLE memo(id INTEGER PRIMARY KEY, user_id TEXT, userId INT, authorId TEXT,
			author_id INT, author TEXT, created_by TEXT, sort_by TEXT, position_by INT,
			parent_id INT, root_id INT NOT NULL, related_memo_id INT, stripe_user_id TEXT,
			target_user_id TEXT, category_id INT, by TEXT, _id TEXT);
		CREATE TABLE categories(id INTEGER PRIMARY KEY);
		CREATE TABLE queue_jobs(id INTEGER PRIMARY KEY);
		CREATE TABLE queue_failed_runs(id INTEGER PRIMARY KEY, job_id INT, user_uuid TEXT);
		CREATE TABLE other_runs(id INTEGER PRIMARY KEY, job_id INT);`)
	got := map[string]string{}
	for _, table := range m.Tables {
		for _, c := range table.Columns {
			if c.Key == nil {
				continue
			}
			isKey := ""
			for _, fk := range table.Keys {
				if fk == c.Key {
					isKey = ", a key"
				}
			}
			got[table.Name+"."+c.Name] = c.Key.Parent.Name + isKey
		}
	}
	want := map[string]string{
		"memo.user_id": "users, a key", "memo.category_id": "categories, a key",
		"memo.authorId": "users", "memo.created_by": "users", "memo.target_user_id": "users",
		"memo.parent_id":           "memo",
		"queue_failed_runs.job_id": "queue_jobs", "queue_failed_runs.user_uuid": "users",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}
