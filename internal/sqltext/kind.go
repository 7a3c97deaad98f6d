package sqltext

// Kind is what a statement does.
type Kind uint8

const (
	KindEmpty  Kind = iota // no statement; see [Statement.Text]
	KindOther              // any statement not listed here; EXPLAIN is one
	KindInsert             // INSERT and REPLACE, unless they follow a WITH
	KindUpdate
	KindDelete
	KindCreateTable
	KindCreateTableAs // CREATE TABLE … AS SELECT, which creates rows too
	KindCreateVirtualTable
	KindCreateIndex
	KindCreateView
	KindCreateTrigger
	KindDropTable
	KindDrop // DROP INDEX, VIEW and TRIGGER
	KindPragma
	KindBegin
	KindCommit // COMMIT and END
	KindRollback
	KindSavepoint
	KindRelease
	KindAnalyze
	KindNoChange // SELECT, VALUES, REINDEX, and VACUUM without INTO
)

// String returns the keywords of the statement, such as CREATE TABLE.
func (k Kind) String() string {
	return [...]string{
		"nothing", "another statement", "INSERT", "UPDATE", "DELETE",
		"CREATE TABLE", "CREATE TABLE AS", "CREATE VIRTUAL TABLE", "CREATE INDEX", "CREATE VIEW",
		"CREATE TRIGGER", "DROP TABLE", "DROP",
		"PRAGMA", "BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE", "ANALYZE", "no change",
	}[k]
}

// Kind tells from the first words of the statement what it does. SQLite decides whether the rest is
// correct.
func (s Statement) Kind() Kind {
	c := cursorAt(s.Text, 0)
	kind, _ := c.kindAndSchema()
	return kind
}

// Name returns the name of the object that the statement creates or writes to, or the name of the
// pragma or the savepoint, without quotes. The schema is the one written before the name. For a
// temporary object it is temp. Both are empty if the statement has none.
func (s Statement) Name() (schema, name string) {
	c := cursorAt(s.Text, 0)
	kind, temp := c.kindAndSchema()
	switch kind {
	case KindEmpty, KindOther, KindBegin, KindCommit, KindNoChange:
		return "", ""
	}
	schema, name, _ = c.qualifiedName()
	if schema == "" {
		schema = temp
	}
	return schema, name
}

// Module returns the module that a CREATE VIRTUAL TABLE names, and "" for every other statement.
func (s Statement) Module() string {
	c := cursorAt(s.Text, 0)
	if kind, _ := c.kindAndSchema(); kind != KindCreateVirtualTable {
		return ""
	}
	c.qualifiedName()
	if !c.accept("USING") {
		return ""
	}
	module, _ := c.name()
	return module
}

// kindAndSchema moves to the statement's name. The schema is temp if a keyword says so.
func (c *cursor) kindAndSchema() (kind Kind, schema string) {
	switch {
	case c.kind == TokEOF:
		return KindEmpty, ""
	case c.accept("INSERT"), c.accept("REPLACE"):
		c.skipConflictAction()
		c.accept("INTO")
		return KindInsert, ""
	case c.accept("CREATE"):
		return c.created()
	case c.accept("DROP"):
		return c.dropped(), ""
	case c.accept("UPDATE"):
		c.skipConflictAction()
		return KindUpdate, ""
	case c.accept("DELETE"):
		c.accept("FROM")
		return KindDelete, ""
	case c.accept("PRAGMA"):
		return KindPragma, ""
	case c.accept("ANALYZE"):
		return KindAnalyze, ""
	case c.acceptAny("SELECT", "VALUES", "REINDEX"):
		return KindNoChange, ""
	case c.accept("VACUUM"):
		if !c.is("INTO") {
			c.name()
		}
		if c.is("INTO") {
			return KindOther, ""
		}
		return KindNoChange, ""
	}
	return c.transactionKind(), ""
}

func (c *cursor) dropped() Kind {
	kind := KindDrop
	switch {
	case c.accept("TABLE"):
		kind = KindDropTable
	case !c.acceptAny("INDEX", "VIEW", "TRIGGER"):
		return KindOther
	}
	if c.accept("IF") {
		c.accept("EXISTS")
	}
	return kind
}

func (c *cursor) skipConflictAction() {
	if c.accept("OR") {
		c.next()
	}
}

func (c *cursor) transactionKind() Kind {
	switch {
	case c.accept("BEGIN"):
		return KindBegin
	case c.accept("COMMIT"), c.accept("END"):
		return KindCommit
	case c.accept("SAVEPOINT"):
		return KindSavepoint
	case c.accept("RELEASE"):
		c.accept("SAVEPOINT")
		return KindRelease
	case c.accept("ROLLBACK"):
		c.accept("TRANSACTION")
		c.accept("TO")
		c.accept("SAVEPOINT")
		return KindRollback
	}
	return KindOther
}

func (c *cursor) created() (kind Kind, schema string) {
	if c.acceptAny("TEMP", "TEMPORARY") {
		schema = "temp"
	}
	switch {
	case c.accept("TABLE"):
		kind = KindCreateTable
	case c.accept("VIEW"):
		kind = KindCreateView
	case c.accept("TRIGGER"):
		kind = KindCreateTrigger
	case c.accept("VIRTUAL"):
		c.accept("TABLE")
		kind = KindCreateVirtualTable
	default:
		c.accept("UNIQUE")
		if !c.accept("INDEX") {
			return KindOther, ""
		}
		kind = KindCreateIndex
	}
	if c.accept("IF") {
		c.accept("NOT")
		c.accept("EXISTS")
	}
	if kind == KindCreateTable {
		after := *c
		if after.qualifiedName(); after.is("AS") {
			kind = KindCreateTableAs
		}
	}
	return kind, schema
}
