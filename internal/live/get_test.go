package live

import (
	"context"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// TestGet asks the server of net/http, which is that of LiteFS.
func TestGet(t *testing.T) {
	long := strings.Repeat("x", 10_000)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.String() {
		case "/info?a=b%20c":
			_, _ = io.WriteString(w, "{}")
		case "/long": // longer than the server's buffer, so the server does not know its length
			_, _ = io.WriteString(w, long)
		case "/redirected":
			http.Redirect(w, r, "/info", http.StatusFound)
		default:
			http.NotFound(w, r)
		}
	}))
	defer server.Close()
	tests := []struct{ address, want, wantErr string }{
		{server.URL + "/info?a=b%20c", "{}", ""},
		{server.URL + "/long", long, ""},
		{server.URL + "/missing", "", "404 Not Found"},
		{server.URL + "/redirected", "", "302 Found"},
		{strings.Replace(server.URL, "http", "https", 1), "", "must begin with http://"},
		{"localhost:20202/info", "", "must begin with http://"},
		{"http://127.0.0.1:0/", "", "connect"},
		{"http://[", "", "missing ']' in host"},
	}
	for _, tt := range tests {
		got, err := get(t.Context(), tt.address)
		if string(got) != tt.want || (err == nil) != (tt.wantErr == "") ||
			err != nil && !strings.Contains(err.Error(), tt.wantErr) {
			t.Errorf("%s: got %.20q, %v, want %.20q, %q", tt.address, got, err, tt.want, tt.wantErr)
		}
	}
}

// TestGetOfOthers asks servers that are not LiteFS.
func TestGetOfOthers(t *testing.T) {
	tests := []struct{ answer, want string }{
		{"", "unexpected EOF"},
		{"SSH-2.0-OpenSSH_9.2\r\n", "not HTTP"},
		{"HTTP/1.1 200 OK\r\nContent-Type: a", "unexpected EOF"},
	}
	for _, tt := range tests {
		listener, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		go func() {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			_, _ = conn.Read(make([]byte, 1<<10))
			_, _ = io.WriteString(conn, tt.answer)
			conn.Close()
		}()
		_, err = get(t.Context(), "http://"+listener.Addr().String())
		if err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%q: got %v, want %s", tt.answer, err, tt.want)
		}
		listener.Close()
	}
}

// TestGetEnds asks a server that accepts no connection, and answers nothing.
func TestGetEnds(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		conn, err := listener.Accept()
		if err == nil {
			_, _ = conn.Read(make([]byte, 1<<10))
			cancel()
		}
	}()
	if _, err := get(ctx, "http://"+listener.Addr().String()); err == nil {
		t.Error("get has an answer of a server that gives none")
	}
}
