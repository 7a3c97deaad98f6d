package sqltext

// LiteralReader reads literals one by one, wherever they stand. Its zero value
// is ready for use, and one that is used again keeps its memory.
type LiteralReader struct{ parser parser }

// Read returns the value of the literal that sql starts with, and the offset
// of the next token but white space and comments. What a literal is, and which
// errors there are, [Insert.Rows] says. The value's bytes are good until the
// next call.
func (r *LiteralReader) Read(sql []byte) (Value, int, error) {
	p := &r.parser
	p.statement = Statement{Text: sql}
	p.cursor = cursorAt(sql, 0)
	p.scratch = p.scratch[:0]
	value, err := p.literal()
	return value, p.start, err
}
