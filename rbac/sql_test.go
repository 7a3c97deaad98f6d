package rbac_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/seedkit/seedkit/fixtures/epicstack"
	"github.com/seedkit/seedkit/rbac"
)

func schemaFile(t *testing.T, sql string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "schema.sql")
	if err := os.WriteFile(path, []byte(sql), 0o666); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestTry(t *testing.T) {
	p := rbac.EpicStack()
	p.Roles = append(p.Roles, rbac.Role{Name: "edi'tor\n", Formerly: []string{"writer"}, Grants: []rbac.Grant{"*:note:any"}})
	statements, err := rbac.SQL(t.Context(), p, schemaFile(t, epicstack.Schema), rbac.SQLOptions{Revoke: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Log("\n" + strings.Join(statements, "\n"))
}
