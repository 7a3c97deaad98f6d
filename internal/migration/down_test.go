package migration_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seedkit/seedkit/internal/migration"
	"github.com/seedkit/seedkit/internal/sqlite"
)

const markedDown = "-- seedkit:begin down\nDELETE 1;\n-- seedkit:end down\n"

func TestSpliceDown(t *testing.T) {
	tests := []struct {
		name   string
		format migration.Format
		// want is "" for a script without a Down part.
		script, want string
	}{
		{"goose", migration.Goose, "-- +goose Up\na;\n\n-- +goose Down\n",
			"-- +goose Up\na;\n\n-- +goose Down\n" + markedDown},
		{"after a statement", migration.Goose, "-- +goose Up\n-- +goose Down\nb;\n",
			"-- +goose Up\n-- +goose Down\nb;\n\n" + markedDown},
		{"replaced", migration.Goose, "-- +goose Up\n" + marked +
			"-- +goose Down\nb;\n-- seedkit:begin down\n-- seedkit:end down\nc;\n",
			"-- +goose Up\n" + marked + "-- +goose Down\nb;\n" + markedDown + "c;\n"},
		{"dbmate", migration.Dbmate, "-- migrate:up\n" + marked + "\n-- migrate:down\n",
			"-- migrate:up\n" + marked + "\n-- migrate:down\n" + markedDown},
		{"dbmate, replaced", migration.Dbmate, "-- migrate:up\n-- migrate:down\n" + markedDown,
			"-- migrate:up\n-- migrate:down\n" + markedDown},
		{"no Down part", migration.Goose, "-- +goose Up\n", ""},
		{"never taken back", migration.Prisma, "a;", ""},
		{"in a file of its own", migration.GolangMigrate, "a;", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := parse(t, tt.format, tt.script)
			part, err := s.Down()
			if err != nil || (part == nil) != (tt.want == "") {
				t.Fatalf("Down() = %v, %v", part, err)
			}
			if part == nil {
				return
			}
			text, err := part.Splice([]byte("DELETE 1;\n"))
			if err != nil {
				t.Fatal(err)
			}
			got := string(s.WithDown(text))
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if again, err := parse(t, tt.format, got).Down(); err != nil || !again.HasBlock() {
				t.Errorf("the block is not found again: %v", err)
			}
		})
	}
}

// TestDownBlock writes statements in the form that the tool needs to reverse a migration.
func TestDownBlock(t *testing.T) {
	const a, b = "DELETE FROM t WHERE x IN ('a');", "DELETE FROM t WHERE x IN ('b; -- c',\n'd');"
	const transaction = "BEGIN;\n" + a + "\n" + b + "\nCOMMIT;\n"
	tests := []struct {
		name, script string
		format       migration.Format
		want         string
	}{
		{"goose", "-- +goose Up\n-- +goose Down\n", migration.Goose,
			a + "\n-- +goose StatementBegin\n" + b + "\n-- +goose StatementEnd\n"},
		{"goose without a transaction", "-- +goose NO TRANSACTION\n-- +goose Up\n-- +goose Down\n",
			migration.Goose,
			"-- +goose StatementBegin\n" + transaction + "-- +goose StatementEnd\n"},
		{"goose with variables", "-- +goose Up\n-- +goose ENVSUB ON\n-- +goose Down\n",
			migration.Goose,
			"-- +goose ENVSUB OFF\n" + a + "\n-- +goose StatementBegin\n" + b +
				"\n-- +goose StatementEnd\n-- +goose ENVSUB ON\n"},
		{"dbmate", "-- migrate:up transaction:false\n-- migrate:down\n", migration.Dbmate,
			a + "\n" + b + "\n"},
		{"dbmate without a transaction", "-- migrate:up\n-- migrate:down transaction:false\n",
			migration.Dbmate, transaction},
		{"dbmate after a statement", "-- migrate:up\n-- migrate:down\nSELECT 1\n", migration.Dbmate,
			";\n" + a + "\n" + b + "\n"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			part, err := parse(t, tt.format, tt.script).Down()
			if err != nil {
				t.Fatal(err)
			}
			got := blockOf(t, part, migration.BlockOptions{}, a, b)
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
	part, err := migration.GolangMigrate.ParseDown([]byte("SELECT 1"))
	if err != nil {
		t.Fatal(err)
	}
	got := blockOf(t, part, migration.BlockOptions{}, a, b)
	if diff := cmp.Diff(";\n"+a+"\n"+b+"\n", got); diff != "" {
		t.Errorf("golang-migrate (-want +got):\n%s", diff)
	}
}

func TestAloneRunsTheBlock(t *testing.T) {
	for format, script := range map[migration.Format]string{
		migration.Goose:  "-- +goose Up\n-- +goose Down\nDROP TABLE t;\n",
		migration.Dbmate: "-- migrate:up\n-- migrate:down\nDROP TABLE t;\n",
	} {
		part, err := parse(t, format, script).Down()
		if err != nil {
			t.Fatal(err)
		}
		alone, err := part.Alone([]byte("DELETE FROM t WHERE x = 1;\n"))
		if err != nil {
			t.Fatal(err)
		}
		c := open(t, sqlite.Memory)
		if err := c.ExecScript(tableT + "INSERT INTO t VALUES(1, 0), (2, 0)"); err != nil {
			t.Fatal(err)
		}
		if err := alone.Run(c); err != nil {
			t.Errorf("%s: %v", format, err)
		}
		if diff := cmp.Diff([]string{"2 0"}, rowsOfT(t, c)); diff != "" {
			t.Errorf("%s: rows (-want +got)\n%s", format, diff)
		}
	}
}

func TestDownPath(t *testing.T) {
	for path, want := range map[string]string{"m/1_a.up.sql": "m/1_a.down.sql",
		"m/1_a.up.b.up.sql": "m/1_a.up.b.down.sql", "m.up.d/1_a.sql": ""} {
		if got := migration.GolangMigrate.DownPath(path); got != want {
			t.Errorf("DownPath(%s) = %q, want %q", path, got, want)
		}
	}
	if got := migration.Goose.DownPath("1_a.up.sql"); got != "" {
		t.Errorf("goose: got %q, want none", got)
	}
}

func TestDownRefuses(t *testing.T) {
	for script, line := range map[string]string{
		"-- +goose Up\n-- +goose Down\n-- +goose StatementBegin\n": "line 3",
		"-- +goose Up\n-- +goose Down\n-- +goose Sideways\n":       "line 3",
	} {
		if s, err := migration.Goose.Parse([]byte(script)); err == nil {
			t.Errorf("%q is taken for a script: %v, want an error at %s", script, s, line)
		}
	}
	part, err := parse(t, migration.Goose,
		"-- +goose Up\n-- +goose Down\n-- seedkit:begin down\n").Down()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := part.Splice(nil); err == nil {
		t.Error("marks that do not pair up are taken")
	}
}
