package sqltext

// LiteralReader reads single literals from anywhere in SQL text. Its zero value is ready for use. A
// LiteralReader reuses its memory.
type LiteralReader struct{ parser parser }

// Read returns the value of the literal at the start of sql, and the offset of the next token that
// is not white space or a comment. [Insert.Rows] describes the literals and the errors. The bytes
// of the value are valid until the next call.
func (r *LiteralReader) Read(sql []byte) (Value, int, error) {
	if value, end := plainNumber(sql); end > 0 {
		return value, end, nil
	}
	p := &r.parser
	p.statement = Statement{Text: sql}
	p.cursor = cursorAt(sql, 0)
	p.scratch, p.work = p.scratch[:0], 0
	value, err := p.literal()
	return value, p.start, err
}

// plainNumber returns the number at the start of sql and the offset after it. It returns 0 if the
// number is not as dumps write it, or if anything other than a comma or a closing parenthesis
// follows.
func plainNumber(sql []byte) (value Value, end int) {
	if at(sql, 0) == '-' {
		end = quickNumber(&value, sql, 1, true)
	} else {
		end = quickNumber(&value, sql, 0, false)
	}
	if next := at(sql, end); next != ',' && next != ')' {
		return Value{}, 0
	}
	return value, end
}
