-- Text that holds what migration tools split their files at.
CREATE TABLE t(id INTEGER PRIMARY KEY, x TEXT);
INSERT INTO t VALUES(1,'COMMIT;
BEGIN;
ROLLBACK;
--> statement-breakpoint
-- +goose Down
-- +goose StatementEnd
-- migrate:down
-- seedkit:end
a line that ends with ;
');
INSERT INTO t VALUES(2,'COMMIT; --> statement-breakpoint');
INSERT INTO t VALUES(3,'-- +goose Down');
