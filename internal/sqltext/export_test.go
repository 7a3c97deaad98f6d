package sqltext

// StatementsBuffered is Statements with a buffer of that many bytes to begin
// with.
var StatementsBuffered = statements
