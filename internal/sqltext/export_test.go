package sqltext

// StatementsBuffered is Statements with a buffer of that many bytes to begin
// with.
var StatementsBuffered = statements

// NewSplitterBuffered is NewSplitter with a buffer of that many bytes to begin
// with.
var NewSplitterBuffered = newSplitter

// Keywords is the table behind Ident.
var Keywords = keywords
