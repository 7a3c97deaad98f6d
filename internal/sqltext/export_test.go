package sqltext

// StatementsBuffered is Statements with an initial buffer of the given size.
var StatementsBuffered = statements

// NewSplitterBuffered is NewSplitter with an initial buffer of the given size.
var NewSplitterBuffered = newSplitter

// Keywords is the table that Ident uses.
var Keywords = keywords
