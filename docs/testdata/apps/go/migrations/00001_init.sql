-- +goose Up
CREATE TABLE plan (
	id    INTEGER PRIMARY KEY,
	name  TEXT NOT NULL UNIQUE,
	price INTEGER NOT NULL
);
CREATE TABLE customer (
	id         INTEGER PRIMARY KEY,
	email      TEXT NOT NULL UNIQUE,
	plan_id    INTEGER NOT NULL REFERENCES plan (id),
	created_at DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP
);

-- +goose Down
DROP TABLE customer;
DROP TABLE plan;
