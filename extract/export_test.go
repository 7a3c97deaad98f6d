package extract

// Stream is the fast way of Write, and tells whether it was one.
var Stream = stream
