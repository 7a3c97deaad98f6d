package sqltext

// byteClass is the kind of token that a byte begins.
type byteClass uint8

const (
	classIllegal byteClass = iota
	classSpace
	classWord
	classX   // x and X: a word or a blob
	classBOM // 0xEF: a word or a byte order mark
	classDigit
	classQuote
	classBracket
	classPunctuation
	classOperator
	classMinus
	classSlash
	classVariable
)

var class = func() (table [256]byteClass) {
	set := func(bytes string, c byteClass) {
		for i := range len(bytes) {
			table[bytes[i]] = c
		}
	}
	set(" \t\n\f\r", classSpace)
	set("abcdefghijklmnopqrstuvwyzABCDEFGHIJKLMNOPQRSTUVWYZ_", classWord)
	for b := 0x80; b <= 0xff; b++ {
		table[b] = classWord
	}
	set("xX", classX)
	set("\xef", classBOM)
	set("0123456789", classDigit)
	set("'\"`", classQuote)
	set("[", classBracket)
	set("();,.", classPunctuation)
	set("=<>!|+*%&~", classOperator)
	set("-", classMinus)
	set("/", classSlash)
	set("?@#:$", classVariable)
	return table
}()

// inWord holds the bytes that may follow the first byte of a word. It is SQLite's IdChar: $ is one
// of them, and so is every byte outside ASCII.
var inWord = func() (table [256]bool) {
	for b := range table {
		switch class[b] {
		case classWord, classX, classBOM, classDigit:
			table[b] = true
		}
	}
	table['$'] = true
	return table
}()

// stops are the bytes at which [statementEnd] must look closer. All other bytes are tokens, or
// parts of tokens, that can neither hide nor end a statement.
var stops = func() (table [256]bool) {
	for _, b := range []byte("'\"`[;-/@#:$") {
		table[b] = true
	}
	return table
}()

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

func isHex(c byte) bool { return hexDigit[c] >= 0 }

// hexDigit is the value of a hexadecimal digit, or -1 for other bytes.
var hexDigit = func() (table [256]int8) {
	for b := range table {
		switch c := byte(b); {
		case isDigit(c):
			table[b] = int8(c - '0')
		case 'a' <= c|0x20 && c|0x20 <= 'f':
			table[b] = int8(c|0x20-'a') + 10
		default:
			table[b] = -1
		}
	}
	return table
}()

// isWord reports whether a word is the keyword, which the caller gives in upper case. Only ASCII
// letters fold, as in SQLite.
func isWord(word []byte, keyword string) bool {
	if len(word) != len(keyword) {
		return false
	}
	for i, c := range word {
		if 'a' <= c && c <= 'z' {
			c -= 'a' - 'A'
		}
		if c != keyword[i] {
			return false
		}
	}
	return true
}
