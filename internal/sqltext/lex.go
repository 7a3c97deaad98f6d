package sqltext

import "bytes"

// TokenKind is the kind of a token. The kinds are those of SQLite's tokenizer with three
// differences. All operators share TokOperator, the three kinds of number share TokNumber, and a
// keyword is a word: only the parser knows whether VALUES is a keyword.
type TokenKind uint8

const (
	TokEOF        TokenKind = iota // the end of the text; no bytes
	TokSpace                       // blanks, line ends, or a UTF-8 byte order mark
	TokComment                     // from -- to the line end, from /* to */ or to the text end
	TokWord                        // a bare identifier or a keyword
	TokQuotedName                  // "x", `x` or [x]
	TokString                      // 'x'
	TokBlob                        // x'00ff'
	TokNumber                      // 1, 1.5, .5e-3, 0xff, 1_000; without a sign
	TokVariable                    // ?, ?1, :a, @a, #a, $a, $a::b(c)
	TokSemicolon                   // ;
	TokLeftParen                   // (
	TokRightParen                  // )
	TokComma                       // ,
	TokDot                         // .
	TokOperator                    // every other operator
	TokIllegal                     // "unrecognized token" in SQLite, such as an open string
)

// Tokens splits SQL into tokens, without white space and comments.
func Tokens(text string) []string {
	var out []string
	for sql := []byte(text); len(sql) > 0; {
		kind, n := NextToken(sql)
		if kind != TokSpace && kind != TokComment {
			out = append(out, string(sql[:n]))
		}
		sql = sql[n:]
	}
	return out
}

// NextToken returns the kind and the length in bytes of the token at the start of sql. It cuts as
// sqlite3GetToken of SQLite's tokenize.c does, on any input: the lengths of all tokens add up to
// the length of the text. The end of sql is the end of the text.
//
// A NUL byte, which ends a text in C, is an illegal token of one byte here. [Statements] never
// passes on a NUL byte.
func NextToken(sql []byte) (TokenKind, int) {
	if len(sql) == 0 {
		return TokEOF, 0
	}
	switch class[sql[0]] {
	case classSpace:
		return TokSpace, spaceLen(sql)
	case classWord:
		return TokWord, wordLen(sql, 1)
	case classX:
		if at(sql, 1) == '\'' {
			return blobToken(sql)
		}
		return TokWord, wordLen(sql, 1)
	case classBOM:
		if at(sql, 1) == 0xbb && at(sql, 2) == 0xbf {
			return TokSpace, 3
		}
		return TokWord, wordLen(sql, 1)
	case classDigit:
		return numberToken(sql)
	case classQuote:
		return quotedToken(sql)
	case classBracket:
		return bracketToken(sql)
	case classPunctuation:
		return punctuationToken(sql)
	case classOperator:
		return operatorToken(sql)
	case classMinus:
		return minusToken(sql)
	case classSlash:
		return slashToken(sql)
	case classVariable:
		return variableToken(sql)
	}
	return TokIllegal, 1
}

// at returns sql[i], or NUL after the end, so that lookahead works as on a C string.
func at(sql []byte, i int) byte {
	if i < len(sql) {
		return sql[i]
	}
	return 0
}

// spaceLen includes a vertical tab, which continues white space in SQLite but does not start it.
func spaceLen(sql []byte) int {
	i := 1
	for c := at(sql, i); c == ' ' || '\t' <= c && c <= '\r'; c = at(sql, i) {
		i++
	}
	return i
}

func wordLen(sql []byte, i int) int {
	for i < len(sql) && inWord[sql[i]] {
		i++
	}
	return i
}

func blobToken(sql []byte) (TokenKind, int) {
	i := 2
	for isHex(at(sql, i)) {
		i++
	}
	if at(sql, i) == '\'' && i%2 == 0 {
		return TokBlob, i + 1
	}
	if end := bytes.IndexByte(sql[i:], '\''); end >= 0 {
		return TokIllegal, i + end + 1
	}
	return TokIllegal, len(sql)
}

// numberToken accepts underscores anywhere among the digits. As in SQLite, the reader of the number
// finds underscores in wrong places.
func numberToken(sql []byte) (TokenKind, int) {
	i := 0
	if sql[0] == '0' && at(sql, 1)|0x20 == 'x' && isHex(at(sql, 2)) {
		i = 3
		for c := at(sql, i); isHex(c) || c == '_'; c = at(sql, i) {
			i++
		}
	} else {
		i = digitsLen(sql, 0)
		if at(sql, i) == '.' {
			i = digitsLen(sql, i+1)
		}
		if isExponent(sql, i) {
			i = digitsLen(sql, i+2)
		}
	}
	if end := wordLen(sql, i); end > i {
		return TokIllegal, end
	}
	return TokNumber, i
}

func digitsLen(sql []byte, i int) int {
	for c := at(sql, i); isDigit(c) || c == '_'; c = at(sql, i) {
		i++
	}
	return i
}

func isExponent(sql []byte, i int) bool {
	if at(sql, i)|0x20 != 'e' {
		return false
	}
	c := at(sql, i+1)
	return isDigit(c) || (c == '+' || c == '-') && isDigit(at(sql, i+2))
}

func quotedToken(sql []byte) (TokenKind, int) {
	quote := sql[0]
	for i := 1; ; i++ {
		end := bytes.IndexByte(sql[i:], quote)
		if end < 0 {
			return TokIllegal, len(sql)
		}
		i += end + 1
		if at(sql, i) != quote {
			if quote == '\'' {
				return TokString, i
			}
			return TokQuotedName, i
		}
	}
}

func bracketToken(sql []byte) (TokenKind, int) {
	end := bytes.IndexByte(sql, ']')
	if end < 0 {
		return TokIllegal, len(sql)
	}
	return TokQuotedName, end + 1
}

func punctuationToken(sql []byte) (TokenKind, int) {
	switch sql[0] {
	case ';':
		return TokSemicolon, 1
	case '(':
		return TokLeftParen, 1
	case ')':
		return TokRightParen, 1
	case ',':
		return TokComma, 1
	}
	if isDigit(at(sql, 1)) {
		return numberToken(sql)
	}
	return TokDot, 1
}

func operatorToken(sql []byte) (TokenKind, int) {
	pair := false
	switch next := at(sql, 1); sql[0] {
	case '=':
		pair = next == '='
	case '<':
		pair = next == '=' || next == '>' || next == '<'
	case '>':
		pair = next == '=' || next == '>'
	case '|':
		pair = next == '|'
	case '!':
		if next != '=' {
			return TokIllegal, 1
		}
		pair = true
	}
	if pair {
		return TokOperator, 2
	}
	return TokOperator, 1
}

func minusToken(sql []byte) (TokenKind, int) {
	switch at(sql, 1) {
	case '-':
		if end := bytes.IndexByte(sql, '\n'); end >= 0 {
			return TokComment, end
		}
		return TokComment, len(sql)
	case '>':
		if at(sql, 2) == '>' {
			return TokOperator, 3
		}
		return TokOperator, 2
	}
	return TokOperator, 1
}

// slashToken takes a comment without an end as a comment, but /* as the last two bytes of the text
// as two operators, like SQLite.
func slashToken(sql []byte) (TokenKind, int) {
	if at(sql, 1) != '*' || len(sql) == 2 {
		return TokOperator, 1
	}
	if end := bytes.Index(sql[2:], commentEnd); end >= 0 {
		return TokComment, 2 + end + len(commentEnd)
	}
	return TokComment, len(sql)
}

var commentEnd = []byte("*/")

// variableToken reads Tcl's $a::b(any text without space) too. SQLite accepts that after each of
// its four marks.
func variableToken(sql []byte) (TokenKind, int) {
	i := 1
	if sql[0] == '?' {
		for isDigit(at(sql, i)) {
			i++
		}
		return TokVariable, i
	}
	named := false
	for ; i < len(sql); i++ {
		switch c := sql[i]; {
		case inWord[c]:
			named = true
			continue
		case c == ':' && at(sql, i+1) == ':':
			i++
			continue
		case c == '(' && named:
			return tclSuffix(sql, i+1)
		}
		break
	}
	if !named {
		return TokIllegal, i
	}
	return TokVariable, i
}

func tclSuffix(sql []byte, i int) (TokenKind, int) {
	for ; i < len(sql); i++ {
		switch c := sql[i]; {
		case c == ')':
			return TokVariable, i + 1
		case c == ' ' || '\t' <= c && c <= '\r':
			return TokIllegal, i
		}
	}
	return TokIllegal, i
}
