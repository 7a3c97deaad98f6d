package rbac_test

import (
	"context"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"strings"

	"github.com/seedkit/seedkit/fixtures/epicstack"
	"github.com/seedkit/seedkit/generate"
	"github.com/seedkit/seedkit/rbac"
)

const file = `
actions: [create, read, update, delete]
entities: [user, note]
accesses: [own, any]
roles:
  admin:
    grants: ["*:*:any"]
  user:
    grants: ["*:*:own", "read:note:any"]
`

func Example() {
	policy, err := rbac.Parse("rbac.yaml", strings.NewReader(file))
	if err != nil {
		log.Fatal(err)
	}
	for _, check := range []rbac.Check{"read:note:any", "delete:note:any", "delete:note"} {
		reasons, err := policy.Reasons([]string{"user"}, check)
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(check, len(reasons) > 0)
		for _, r := range reasons {
			fmt.Println("  because of", r.Role, r.Permission)
		}
	}
	_, err = policy.Allows([]string{"user"}, "delete")
	fmt.Println(err)
	// Output:
	// read:note:any true
	//   because of user read:note:any
	// delete:note:any false
	// delete:note true
	//   because of user delete:note:own
	// check "delete", character 7: the entity is missing
}

func ExampleParse() {
	_, err := rbac.Parse("rbac.yaml", strings.NewReader(`
actions: [create, read]
entities: [note]
roles:
  reader:
    grants: ["read:note"]
    formrly: [guest]
keep: ["read"]
`))
	fmt.Println(err)
	// Output:
	// rbac.yaml:7:5: role "reader": unknown key "formrly" (did you mean "formerly"?)
	// rbac.yaml:8:13: keep: check "read", character 5: the entity is missing
}

func ExamplePolicy_Seed() {
	policy := rbac.EpicStack()
	policy.Roles = append(policy.Roles,
		rbac.Role{Name: "moderator", Grants: []rbac.Grant{"read,delete:note:any"}})
	dir, err := os.MkdirTemp("", "example")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)
	report, err := generate.Write(context.Background(), filepath.Join(dir, "seed.db"),
		generate.Options{
			SchemaSQL: epicstack.Schema,
			Sets: []generate.Set{{
				Name: "reference", Fill: func(s *generate.Fixtures) { policy.Seed(s) },
			}},
		})
	if err != nil {
		log.Fatal(err)
	}
	for _, t := range report.Tables {
		if t.Rows > 0 {
			fmt.Println(t.Table, t.Rows)
		}
	}
	// Output:
	// Permission 16
	// Role 3
	// _PermissionToRole 18
}
