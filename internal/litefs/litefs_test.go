package litefs

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestParseMounts(t *testing.T) {
	const list = `/dev/vda / ext4 rw,relatime 0 0
litefs /litefs fuse rw,nosuid,nodev,relatime,user_id=0,group_id=0 0 0
litefs /srv/my\040data fuse.litefs rw 0 0
sshfs /mnt fuse.sshfs rw 0 0
litefs /mnt2 ext4 rw 0 0
broken
`
	want := []string{"/litefs", "/srv/my data"}
	if diff := cmp.Diff(want, parseMounts(strings.NewReader(list))); diff != "" {
		t.Error(diff)
	}
}
