package main

import (
	"bytes"
	"debug/buildinfo"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/CycloneDX/cyclonedx-go"
)

// writeBills writes a software bill of materials in CycloneDX's format for each program: the
// modules that the Go command has recorded in it.
func (r release) writeBills(dist string, built []program) error {
	for _, p := range built {
		bill, err := r.bill(p)
		if err != nil {
			return err
		}
		var text bytes.Buffer
		encoder := cyclonedx.NewBOMEncoder(&text, cyclonedx.BOMFileFormatJSON).SetPretty(true)
		if err := encoder.Encode(bill); err != nil {
			return err
		}
		name := "seedkit_" + r.version + "_" + p.name() + ".cdx.json"
		if err := os.WriteFile(filepath.Join(dist, name), text.Bytes(), 0o666); err != nil {
			return err
		}
	}
	return nil
}

func (r release) bill(p program) (*cyclonedx.BOM, error) {
	info, err := buildinfo.Read(bytes.NewReader(p.data))
	if err != nil {
		return nil, err
	}
	components := []cyclonedx.Component{
		component(cyclonedx.ComponentTypeLibrary, "std", strings.TrimPrefix(info.GoVersion, "go")),
	}
	for _, m := range info.Deps {
		if m.Replace != nil {
			m = m.Replace
		}
		library := component(cyclonedx.ComponentTypeLibrary, m.Path, m.Version)
		components = append(components, library)
	}
	seedkit := component(cyclonedx.ComponentTypeApplication, info.Main.Path, "v"+r.version)
	seedkit.Licenses = &cyclonedx.Licenses{{License: &cyclonedx.License{ID: "MIT"}}}
	var refs []string
	for _, c := range components {
		refs = append(refs, c.BOMRef)
	}
	bill := cyclonedx.NewBOM()
	bill.Metadata = &cyclonedx.Metadata{
		Timestamp: r.time.Format(time.RFC3339), Component: &seedkit,
	}
	bill.Components = &components
	bill.Dependencies = &[]cyclonedx.Dependency{{Ref: seedkit.BOMRef, Dependencies: &refs}}
	return bill, nil
}

// component returns the component of a Go module.
func component(kind cyclonedx.ComponentType, path, version string) cyclonedx.Component {
	purl := "pkg:golang/" + path + "@" + version
	return cyclonedx.Component{
		Type: kind, BOMRef: purl, Name: path, Version: version, PackageURL: purl,
	}
}
