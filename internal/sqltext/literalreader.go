package sqltext

// LiteralReader reads literals one by one, wherever they stand. Its zero value
// is ready for use, and one that is used again keeps its memory.
type LiteralReader struct{ parser parser }

// Read returns the value of the literal that sql starts with, and the offset
// of the next token but white space and comments. What a literal is, and which
// errors there are, [Insert.Rows] says. The value's bytes are good until the
// next call.
func (r *LiteralReader) Read(sql []byte) (Value, int, error) {
	if value, end := plainNumber(sql); end > 0 {
		return value, end, nil
	}
	p := &r.parser
	p.statement = Statement{Text: sql}
	p.cursor = cursorAt(sql, 0)
	p.scratch = p.scratch[:0]
	value, err := p.literal()
	return value, p.start, err
}

// plainNumber returns the number that sql starts with, and the offset behind
// it, if it is as dumps write them and nothing but a comma or a parenthesis
// follows; else 0.
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
