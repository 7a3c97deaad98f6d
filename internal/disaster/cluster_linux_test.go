package disaster

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// A node is a LiteFS with a mount, in a network of its own.
type node struct {
	dir     string
	network string // the name of the network namespace
	litefs  string // the program
	process *exec.Cmd
}

func (n *node) mount() string { return filepath.Join(n.dir, "mount") }

// newCluster starts a primary and a replica. The test ends them.
func newCluster(t *testing.T, litefs string) (primary, replica *node) {
	t.Helper()
	id := fmt.Sprintf("sk%d", os.Getpid())
	primary = newNode(t, litefs, id+"a", true)
	replica = newNode(t, litefs, id+"b", false)
	ip := func(args ...string) {
		t.Helper()
		if out, err := exec.Command("ip", args...).CombinedOutput(); err != nil {
			t.Fatalf("ip %q: %v\n%s", args, err, out)
		}
	}
	for _, n := range []*node{primary, replica} {
		ip("netns", "add", n.network)
		t.Cleanup(func() { ip("netns", "del", n.network) })
	}
	ip("link", "add", "sk", "netns", primary.network, "type", "veth",
		"peer", "name", "sk", "netns", replica.network)
	for i, n := range []*node{primary, replica} {
		ip("-n", n.network, "addr", "add", fmt.Sprintf("10.78.0.%d/24", i+1), "dev", "sk")
		ip("-n", n.network, "link", "set", "lo", "up")
		ip("-n", n.network, "link", "set", "sk", "up")
	}
	for _, n := range []*node{primary, replica} {
		n.start(t)
		t.Cleanup(n.stop)
	}
	return primary, replica
}

func newNode(t *testing.T, litefs, name string, candidate bool) *node {
	t.Helper()
	n := &node{dir: t.TempDir(), network: name, litefs: litefs}
	config := fmt.Sprintf(`
fuse: {dir: %q}
data: {dir: %q}
http: {addr: ":20202"}
lease: {type: static, hostname: first, advertise-url: "http://10.78.0.1:20202", candidate: %v}
`, n.mount(), filepath.Join(n.dir, "data"), candidate)
	if err := os.WriteFile(filepath.Join(n.dir, "litefs.yml"), []byte(config), 0o600); err != nil {
		t.Fatal(err)
	}
	return n
}

// inside returns a program to run in the network of the node.
func (n *node) inside(ctx context.Context, program string, args ...string) *exec.Cmd {
	network := "--net=/var/run/netns/" + n.network
	return exec.CommandContext(ctx, "nsenter", append([]string{network, program}, args...)...)
}

func (n *node) start(t *testing.T) {
	t.Helper()
	n.process = n.inside(context.Background(), n.litefs, "mount", "-config",
		filepath.Join(n.dir, "litefs.yml"))
	log, err := os.OpenFile(filepath.Join(n.dir, "log"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		t.Fatal(err)
	}
	defer log.Close()
	n.process.Stdout, n.process.Stderr = log, log
	if err := n.process.Start(); err != nil {
		t.Fatal(err)
	}
	n.await(t, "LiteFS does not answer", func() bool {
		const connect = "exec 3<>/dev/tcp/127.0.0.1/20202"
		return n.inside(t.Context(), "bash", "-c", connect).Run() == nil
	})
}

func (n *node) stop() {
	if n.process == nil {
		return
	}
	_ = n.process.Process.Signal(syscall.SIGTERM)
	_ = n.process.Wait()
	n.process = nil
	_ = syscall.Unmount(n.mount(), syscall.MNT_DETACH)
}

// await waits until something is so, for a minute.
func (n *node) await(t *testing.T, otherwise string, is func() bool) {
	t.Helper()
	for range 6000 {
		if is() {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	log, _ := os.ReadFile(filepath.Join(n.dir, "log"))
	t.Fatalf("%s\n%s", otherwise, log)
}

// position returns LiteFS's position of a database, "" if the node does not have it.
func (n *node) position(name string) string {
	text, _ := os.ReadFile(filepath.Join(n.mount(), name+"-pos"))
	return strings.TrimSpace(string(text))
}
