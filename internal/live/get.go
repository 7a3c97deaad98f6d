package live

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"strings"
	"time"
)

// get asks for what is at an address of http, and returns at most 64 kB of the answer. LiteFS
// answers on the same machine, without TLS. The package net/http, which can do all of HTTP, would
// be a fifth of seedkit.
func get(ctx context.Context, address string) ([]byte, error) {
	u, err := url.Parse(address)
	if err != nil {
		return nil, err
	}
	if u.Scheme != "http" || u.Hostname() == "" {
		return nil, errors.New("the address must begin with http://")
	}
	port := u.Port()
	if port == "" {
		port = "80"
	}
	conn, err := new(net.Dialer).DialContext(ctx, "tcp", net.JoinHostPort(u.Hostname(), port))
	if err != nil {
		return nil, err
	}
	defer conn.Close()
	// Reading and writing fail when the context ends.
	defer context.AfterFunc(ctx, func() { _ = conn.SetDeadline(time.Unix(1, 0)) })()

	// With version 1.0 the answer comes in one piece, and ends with the connection.
	_, err = fmt.Fprintf(conn, "GET %s HTTP/1.0\r\nHost: %s\r\n\r\n", u.RequestURI(), u.Host)
	if err != nil {
		return nil, err
	}
	answer := bufio.NewReader(io.LimitReader(conn, 1<<16))
	line, err := answer.ReadString('\n')
	if err != nil {
		return nil, noEOF(err)
	}
	protocol, status, _ := strings.Cut(strings.TrimSpace(line), " ")
	if !strings.HasPrefix(protocol, "HTTP/1.") {
		return nil, errors.New("the answer is not HTTP")
	}
	if !strings.HasPrefix(status, "200") {
		return nil, errors.New(status)
	}
	for line != "\r\n" {
		if line, err = answer.ReadString('\n'); err != nil {
			return nil, noEOF(err)
		}
	}
	return io.ReadAll(answer)
}

// noEOF returns an error that says of an end where no end may be that it is unexpected.
func noEOF(err error) error {
	if errors.Is(err, io.EOF) {
		return io.ErrUnexpectedEOF
	}
	return err
}
