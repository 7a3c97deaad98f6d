package main

import (
	"cmp"
	"os"
	"path/filepath"

	"github.com/goreleaser/nfpm/v2"
	"github.com/goreleaser/nfpm/v2/deb"
	"github.com/goreleaser/nfpm/v2/files"
	"github.com/goreleaser/nfpm/v2/rpm"
)

// writePackages writes a deb and an rpm package for each program for Linux.
func (r release) writePackages(dist string, built []program) error {
	packagers := map[string]nfpm.Packager{".deb": deb.Default, ".rpm": rpm.DefaultRPM}
	for _, p := range built {
		if p.os != "linux" {
			continue
		}
		for extension, packager := range packagers {
			path := filepath.Join(dist, "seedkit_"+r.version+"_"+p.name()+extension)
			if err := r.writePackage(path, packager, p); err != nil {
				return err
			}
		}
	}
	return nil
}

func (r release) writePackage(path string, packager nfpm.Packager, p program) error {
	info := nfpm.WithDefaults(&nfpm.Info{
		Name:            "seedkit",
		Arch:            cmp.Or(map[string]string{"arm": "arm7"}[p.arch], p.arch),
		Platform:        p.os,
		Version:         r.version,
		Release:         "1",
		Section:         "database",
		Maintainer:      "The seedkit authors <seedkit@users.noreply.github.com>",
		Description:     purpose,
		Homepage:        homepage,
		License:         "MIT",
		MTime:           r.time,
		DisableGlobbing: true,
		Overridables: nfpm.Overridables{
			Contents: files.Contents{
				r.content(p.path, "/usr/bin/seedkit", 0o755),
				r.content(filepath.Join(r.root, "LICENSE"), documents+"copyright", 0o644),
				r.content(filepath.Join(r.root, "README.md"), documents+"README.md", 0o644),
			},
			RPM: nfpm.RPM{BuildHost: "seedkit"},
		},
	})
	out, err := os.Create(path)
	if err != nil {
		return err
	}
	return cmp.Or(packager.Package(info, out), out.Close())
}

const documents = "/usr/share/doc/seedkit/"

// content is a file of a package.
func (r release) content(source, destination string, mode os.FileMode) *files.Content {
	return &files.Content{
		Source:      source,
		Destination: destination,
		FileInfo: &files.ContentFileInfo{
			Owner: "root", Group: "root", Mode: mode, MTime: r.time,
		},
	}
}
