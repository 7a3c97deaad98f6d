package rbac_test

import (
	"os"
	"testing"

	"github.com/seedkit/seedkit/internal/testdb"
)

// epicStack makes a database with the schema and the rows of the Epic Stack's seed.
func epicStack(t testing.TB, more string) string {
	t.Helper()
	schema, err := os.ReadFile("../fixtures/epicstack/schema.sql")
	if err != nil {
		t.Fatal(err)
	}
	return testdb.Make(t, "WAL", string(schema)+epicRows+more)
}

// epicRows has the roles and permissions of the Epic Stack by ids of an app's own, and three users.
const epicRows = `
	INSERT INTO Role(id, name, updatedAt) VALUES('r1', 'admin', 0), ('r2', 'user', 0);
	INSERT INTO Permission(id, action, entity, access, updatedAt)
		SELECT 'p' || row_number() OVER (ORDER BY e.key, a.key, x.key), a.value, e.value, x.value, 0
		FROM json_each('["user","note"]') e,
			json_each('["create","read","update","delete"]') a, json_each('["own","any"]') x
		ORDER BY e.key, a.key, x.key;
	INSERT INTO _PermissionToRole SELECT id, CASE access WHEN 'any' THEN 'r1' ELSE 'r2' END
		FROM Permission;
	INSERT INTO User(id, email, username, updatedAt) VALUES
		('u1', 'kody@kcd.dev', 'kody', 0), ('u2', 'ann@example.com', 'ann', 0),
		('u3', 'bob@example.com', 'bob', 0);
	INSERT INTO _RoleToUser VALUES('r1', 'u1'), ('r2', 'u1'), ('r2', 'u2');`

// django has the tables of Django's auth and contenttypes, as its migrations make them.
const django = `
	CREATE TABLE "django_content_type" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT,
		"app_label" varchar(100) NOT NULL, "model" varchar(100) NOT NULL);
	CREATE UNIQUE INDEX "django_content_type_app_label_model_76bd3d3b_uniq"
		ON "django_content_type" ("app_label", "model");
	CREATE TABLE "auth_group" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT,
		"name" varchar(150) NOT NULL UNIQUE);
	CREATE TABLE "auth_permission" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT,
		"content_type_id" integer NOT NULL REFERENCES "django_content_type" ("id")
			DEFERRABLE INITIALLY DEFERRED,
		"codename" varchar(100) NOT NULL, "name" varchar(255) NOT NULL);
	CREATE UNIQUE INDEX "auth_permission_content_type_id_codename_01ab375a_uniq"
		ON "auth_permission" ("content_type_id", "codename");
	CREATE TABLE "auth_user" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT,
		"password" varchar(128) NOT NULL, "last_login" datetime NULL,
		"is_superuser" bool NOT NULL, "username" varchar(150) NOT NULL UNIQUE,
		"last_name" varchar(150) NOT NULL, "email" varchar(254) NOT NULL,
		"is_staff" bool NOT NULL, "is_active" bool NOT NULL, "date_joined" datetime NOT NULL,
		"first_name" varchar(150) NOT NULL);
	CREATE TABLE "auth_group_permissions" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT,
		"group_id" integer NOT NULL REFERENCES "auth_group" ("id") DEFERRABLE INITIALLY DEFERRED,
		"permission_id" integer NOT NULL REFERENCES "auth_permission" ("id")
			DEFERRABLE INITIALLY DEFERRED);
	CREATE UNIQUE INDEX "auth_group_permissions_group_id_permission_id_0cd325b0_uniq"
		ON "auth_group_permissions" ("group_id", "permission_id");
	CREATE TABLE "auth_user_groups" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT,
		"user_id" integer NOT NULL REFERENCES "auth_user" ("id") DEFERRABLE INITIALLY DEFERRED,
		"group_id" integer NOT NULL REFERENCES "auth_group" ("id") DEFERRABLE INITIALLY DEFERRED);
	CREATE UNIQUE INDEX "auth_user_groups_user_id_group_id_94350c0c_uniq"
		ON "auth_user_groups" ("user_id", "group_id");
	CREATE TABLE "auth_user_user_permissions" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT,
		"user_id" integer NOT NULL REFERENCES "auth_user" ("id") DEFERRABLE INITIALLY DEFERRED,
		"permission_id" integer NOT NULL REFERENCES "auth_permission" ("id")
			DEFERRABLE INITIALLY DEFERRED);
	CREATE UNIQUE INDEX "auth_user_user_permissions_user_id_permission_id_14a6b632_uniq"
		ON "auth_user_user_permissions" ("user_id", "permission_id");
	CREATE TABLE "django_admin_log" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT,
		"object_id" text NULL, "object_repr" varchar(200) NOT NULL,
		"content_type_id" integer NULL REFERENCES "django_content_type" ("id"),
		"user_id" integer NOT NULL REFERENCES "auth_user" ("id"));
	INSERT INTO django_content_type VALUES(1, 'auth', 'user'), (2, 'notes', 'note');
	INSERT INTO auth_permission VALUES(1, 1, 'add_user', 'Can add user'),
		(2, 2, 'add_note', 'Can add note'), (3, 2, 'delete_note', 'Can delete note');
	INSERT INTO auth_group VALUES(1, 'Editors'), (2, 'Nobody');
	INSERT INTO auth_group_permissions VALUES(1, 1, 2), (2, 1, 3);
	INSERT INTO auth_user VALUES
		(1, '!', NULL, 1, 'root', '', '', 1, 1, 0, ''),
		(2, '!', NULL, 0, 'ann', '', '', 0, 1, 0, ''),
		(3, '!', NULL, 0, 'bob', '', 'bob@example.com', 0, 1, 0, '');
	INSERT INTO auth_user_groups VALUES(1, 2, 1);
	INSERT INTO auth_user_user_permissions VALUES(1, 3, 3);`

// spatie has the tables of spatie/laravel-permission and Laravel's users, as Laravel makes them.
const spatie = `
	CREATE TABLE "users" ("id" integer primary key autoincrement not null, "name" varchar not null,
		"email" varchar not null, "email_verified_at" datetime, "password" varchar not null,
		"remember_token" varchar, "created_at" datetime, "updated_at" datetime);
	CREATE UNIQUE INDEX "users_email_unique" on "users" ("email");
	CREATE TABLE "permissions" ("id" integer primary key autoincrement not null,
		"name" varchar not null, "guard_name" varchar not null, "created_at" datetime,
		"updated_at" datetime);
	CREATE UNIQUE INDEX "permissions_name_guard_name_unique"
		on "permissions" ("name", "guard_name");
	CREATE TABLE "roles" ("id" integer primary key autoincrement not null, "name" varchar not null,
		"guard_name" varchar not null, "created_at" datetime, "updated_at" datetime);
	CREATE UNIQUE INDEX "roles_name_guard_name_unique" on "roles" ("name", "guard_name");
	CREATE TABLE "model_has_permissions" ("permission_id" integer not null,
		"model_type" varchar not null, "model_id" integer not null,
		foreign key("permission_id") references "permissions"("id") on delete cascade,
		primary key ("permission_id", "model_id", "model_type"));
	CREATE TABLE "model_has_roles" ("role_id" integer not null, "model_type" varchar not null,
		"model_id" integer not null,
		foreign key("role_id") references "roles"("id") on delete cascade,
		primary key ("role_id", "model_id", "model_type"));
	CREATE TABLE "role_has_permissions" ("permission_id" integer not null,
		"role_id" integer not null,
		foreign key("permission_id") references "permissions"("id") on delete cascade,
		foreign key("role_id") references "roles"("id") on delete cascade,
		primary key ("permission_id", "role_id"));
	INSERT INTO users(id, name, email, password) VALUES(1, 'Ann', 'ann@example.com', '!'),
		(2, 'Bob', 'bob@example.com', '!');
	INSERT INTO permissions(id, name, guard_name) VALUES(1, 'edit articles', 'web'),
		(2, 'publish articles', 'web'), (3, 'users.*', 'web');
	INSERT INTO roles(id, name, guard_name) VALUES(1, 'writer', 'web'), (2, 'Super-Admin', 'web');
	INSERT INTO role_has_permissions VALUES(1, 1), (3, 2);
	INSERT INTO model_has_roles VALUES(1, 'App\Models\User', 1);
	INSERT INTO model_has_permissions VALUES(2, 'App\Models\User', 2);`

// ghost has those of Ghost's tables that matter. There are no foreign keys among them.
const ghost = "" +
	"CREATE TABLE `users` (`id` varchar(24) not null, `name` varchar(191) not null, " +
	"`slug` varchar(191) not null, `password` varchar(60) not null, " +
	"`email` varchar(191) not null, `visibility` varchar(50) not null default 'public', " +
	"`created_at` datetime not null, primary key (`id`));" +
	"CREATE UNIQUE INDEX `users_email_unique` on `users` (`email`);" +
	"CREATE TABLE `roles` (`id` varchar(24) not null, `name` varchar(50) not null, " +
	"`description` varchar(2000), `created_at` datetime not null, `updated_at` datetime, " +
	"primary key (`id`));" +
	"CREATE UNIQUE INDEX `roles_name_unique` on `roles` (`name`);" +
	"CREATE TABLE `roles_users` (`id` varchar(24) not null, `role_id` varchar(24) not null, " +
	"`user_id` varchar(24) not null, primary key (`id`));" +
	"CREATE TABLE `permissions` (`id` varchar(24) not null, `name` varchar(50) not null, " +
	"`object_type` varchar(50) not null, `action_type` varchar(50) not null, " +
	"`object_id` varchar(24), `created_at` datetime not null, `updated_at` datetime, " +
	"primary key (`id`));" +
	"CREATE UNIQUE INDEX `permissions_name_unique` on `permissions` (`name`);" +
	"CREATE TABLE `permissions_users` (`id` varchar(24) not null, " +
	"`user_id` varchar(24) not null, `permission_id` varchar(24) not null, primary key (`id`));" +
	"CREATE TABLE `permissions_roles` (`id` varchar(24) not null, " +
	"`role_id` varchar(24) not null, `permission_id` varchar(24) not null, primary key (`id`));" +
	"CREATE TABLE `api_keys` (`id` varchar(24) not null, `type` varchar(50) not null, " +
	"`secret` varchar(191) not null, `role_id` varchar(24), `integration_id` varchar(24), " +
	"`user_id` varchar(24), primary key (`id`));" +
	"CREATE UNIQUE INDEX `api_keys_secret_unique` on `api_keys` (`secret`);" +
	"CREATE TABLE `invites` (`id` varchar(24) not null, `role_id` varchar(24) not null, " +
	"`token` varchar(191) not null, `email` varchar(191) not null, primary key (`id`));" +
	`INSERT INTO users(id, name, slug, password, email, created_at) VALUES
		('u1', 'Ghost', 'ghost', '!', 'ghost@example.com', 0);
	INSERT INTO roles VALUES('r1', 'Administrator', 'Administrators', 0, 0),
		('r2', 'Editor', 'Editors', 0, 0);
	INSERT INTO permissions VALUES('p1', 'Browse posts', 'post', 'browse', NULL, 0, 0),
		('p2', 'Publish posts', 'post', 'publish', NULL, 0, 0),
		('p3', 'Delete users', 'user', 'destroy', NULL, 0, 0);
	INSERT INTO permissions_roles VALUES('1', 'r1', 'p1'), ('2', 'r1', 'p2'), ('3', 'r1', 'p3'),
		('4', 'r2', 'p1');
	INSERT INTO roles_users VALUES('1', 'r2', 'u1');`

// betterAuth has the users and the sessions of better-auth with its plugin admin.
const betterAuth = `
	create table "user" ("id" text not null primary key, "name" text not null,
		"email" text not null unique, "emailVerified" integer not null, "image" text,
		"createdAt" date not null, "updatedAt" date not null, "role" text, "banned" integer,
		"banReason" text, "banExpires" date);
	create table "session" ("id" text not null primary key, "token" text not null unique,
		"userId" text not null references "user" ("id") on delete cascade,
		"impersonatedBy" text);
	create table "account" ("id" text not null primary key, "accountId" text not null,
		"userId" text not null references "user" ("id") on delete cascade);
	INSERT INTO user(id, name, email, emailVerified, createdAt, updatedAt, role) VALUES
		('u1', 'Ann', 'ann@example.com', 1, 0, 0, 'admin,user'),
		('u2', 'Bob', 'bob@example.com', 1, 0, 0, 'user'),
		('u3', 'Cid', 'cid@example.com', 1, 0, 0, NULL),
		('u4', 'Dan', 'dan@example.com', 1, 0, 0, 'user, admin');`
