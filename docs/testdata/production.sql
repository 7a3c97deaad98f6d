CREATE TABLE "_prisma_migrations" (
    "id"                  TEXT PRIMARY KEY NOT NULL,
    "checksum"            TEXT NOT NULL,
    "finished_at"         DATETIME,
    "migration_name"      TEXT NOT NULL,
    "logs"                TEXT,
    "rolled_back_at"      DATETIME,
    "started_at"          DATETIME NOT NULL DEFAULT current_timestamp,
    "applied_steps_count" INTEGER UNSIGNED NOT NULL DEFAULT 0
);
INSERT INTO "_prisma_migrations" VALUES
    ('0b4d7c52-7a0f-4f0e-8a5c-0d4f6c1f2a11', 'c0ffee', 1694720640000, '20230914194400_init', NULL, NULL, 1694720640000, 1);

INSERT INTO "User" VALUES
    ('cls1000000000000000000001', 'ada@production.example', 'ada', 'Ada', 1706000000000, 1706000000000),
    ('cls1000000000000000000002', 'brook@production.example', 'brook', NULL, 1706100000000, 1706200000000);
INSERT INTO "Note" VALUES
    ('cls1000000000000000000003', 'Plans', 'Two lines,' || char(10) || 'and a ; in the second.', 1706300000000, 1706300000000, 'cls1000000000000000000001');
INSERT INTO "_RoleToUser"
    SELECT "Role"."id", "User"."id" FROM "Role", "User" WHERE "Role"."name" = 'user';
