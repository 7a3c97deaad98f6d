package authority

import (
	"bytes"
	"fmt"
	"net"
	"os/exec"
	"os/user"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// SSHD is a server of OpenSSH on a port of the loopback interface. Its keys are in a folder of the
// test, and its only user is the one who runs the test.
type SSHD struct{ dir, port, user string }

// StartSSHD starts a server that ends with the test, or skips the test if the server is not
// installed.
func StartSSHD(tb testing.TB) *SSHD {
	tb.Helper()
	sshd := installed(tb, "SEEDKIT_SSHD", ".ci/install-sshd")
	me, err := user.Current()
	if err != nil {
		tb.Fatal(err)
	}
	s := &SSHD{dir: tb.TempDir(), user: me.Username}
	for _, key := range []string{"host", "client"} {
		keygen := exec.Command("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", s.path(key))
		if out, err := keygen.CombinedOutput(); err != nil {
			tb.Fatalf("ssh-keygen: %v\n%s", err, out)
		}
	}
	if s.port, err = freePort(); err != nil {
		tb.Fatal(err)
	}
	settings := []string{
		"ListenAddress=127.0.0.1:" + s.port, "HostKey=" + s.path("host"),
		"AuthorizedKeysFile=" + s.path("client.pub"), "PidFile=none", "StrictModes=no",
		"UsePAM=no", "PasswordAuthentication=no", "KbdInteractiveAuthentication=no",
		"PermitRootLogin=prohibit-password", "Subsystem=sftp internal-sftp",
	}
	args := []string{"-D", "-e", "-f", "/dev/null"}
	for _, setting := range settings {
		args = append(args, "-o", setting)
	}
	var log bytes.Buffer
	server := exec.Command(sshd, args...)
	server.Stderr = &log
	if err := server.Start(); err != nil {
		tb.Fatalf("SEEDKIT_SSHD is %s, which does not start: %v", sshd, err)
	}
	ended := make(chan error, 1)
	go func() { ended <- server.Wait() }()
	tb.Cleanup(func() { server.Process.Kill(); <-ended })
	for range 100 {
		if exec.Command("ssh", s.Args("", "true")...).Run() == nil {
			return s
		}
		select {
		case err := <-ended:
			ended <- err
			tb.Fatalf("SEEDKIT_SSHD is %s, which ends: %v\n%s", sshd, err, log.Bytes())
		case <-time.After(100 * time.Millisecond):
		}
	}
	tb.Fatalf("SEEDKIT_SSHD is %s, which lets nobody in", sshd)
	return nil
}

func (s *SSHD) path(name string) string { return filepath.Join(s.dir, name) }

// Args returns the arguments with which ssh runs a command on the server: in a pseudo-terminal if
// pty is "-tt", and without one if pty is "".
func (s *SSHD) Args(pty, command string) []string {
	if pty == "" {
		pty = "-T"
	}
	return append(s.options("-p"), pty, s.user+"@127.0.0.1", command)
}

// SFTPArgs returns the arguments with which sftp runs the commands of its standard input.
func (s *SSHD) SFTPArgs() []string {
	return append(s.options("-P"), "-b", "-", s.user+"@127.0.0.1")
}

func (s *SSHD) options(port string) []string {
	return []string{
		"-F", "none", port, s.port, "-i", s.path("client"), "-o", "IdentitiesOnly=yes", "-o",
		"BatchMode=yes", "-o", "LogLevel=ERROR", "-o", "StrictHostKeyChecking=no", "-o",
		"UserKnownHostsFile=" + s.path("known"),
	}
}

// Quoted returns a command line of sh.
func Quoted(name string, args []string) string {
	line := []string{name}
	for _, arg := range args {
		line = append(line, "'"+strings.ReplaceAll(arg, "'", `'\''`)+"'")
	}
	return strings.Join(line, " ")
}

// freePort returns a port of the loopback interface on which nobody listens.
func freePort() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", fmt.Errorf("find a free port: %w", err)
	}
	defer l.Close()
	_, port, err := net.SplitHostPort(l.Addr().String())
	return port, err
}
