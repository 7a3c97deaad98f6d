package live

import "golang.org/x/sys/unix"

// freeSpace returns how many bytes the process may still write into a folder.
func freeSpace(dir string) (bytes int64, known bool) {
	var st unix.Statfs_t
	if err := unix.Statfs(dir, &st); err != nil {
		return 0, false
	}
	return int64(st.Bavail) * int64(st.Frsize), true
}
