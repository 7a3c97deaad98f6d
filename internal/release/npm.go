package main

import (
	"bytes"
	"embed"
	"encoding/json"
	"os"
	"path"
	"path/filepath"
	"strings"
)

// shim is the package seedkit of npm, without its package.json.
//
//go:embed npm/seedkit.js npm/README.md
var shim embed.FS

// A manifest of npm: package.json.
type npmManifest struct {
	Name                 string            `json:"name"`
	Version              string            `json:"version"`
	Description          string            `json:"description"`
	License              string            `json:"license"`
	Homepage             string            `json:"homepage"`
	Repository           npmRepository     `json:"repository"`
	Bin                  map[string]string `json:"bin,omitempty"`
	OS                   []string          `json:"os,omitempty"`
	CPU                  []string          `json:"cpu,omitempty"`
	Engines              map[string]string `json:"engines,omitempty"`
	Files                []string          `json:"files"`
	PreferUnplugged      bool              `json:"preferUnplugged"`
	OptionalDependencies map[string]string `json:"optionalDependencies,omitempty"`
}

type npmRepository struct {
	Type string `json:"type"`
	URL  string `json:"url"`
}

// writeNPM writes the tarballs that npm publishes and installs: a package for each program, and the
// package seedkit, which depends on those of all platforms and runs the one that npm has installed.
func (r release) writeNPM(dist string, built []program) error {
	licence, err := os.ReadFile(filepath.Join(r.root, "LICENSE"))
	if err != nil {
		return err
	}
	documents := []file{{"LICENSE", 0o644, licence}}
	for _, p := range built {
		m := r.npmManifest("@seedkit/" + p.node)
		system, cpu, _ := strings.Cut(p.node, "-")
		m.OS, m.CPU = []string{system}, []string{cpu}
		m.Description = "The program seedkit for " + p.node + ", which the package seedkit runs"
		program := file{"bin/" + p.program(), 0o755, p.data}
		if err := r.writeTarball(dist, m, append(documents, program)); err != nil {
			return err
		}
	}
	m := r.npmManifest("seedkit")
	m.Bin = map[string]string{"seedkit": "seedkit.js"}
	m.Engines = map[string]string{"node": ">=18"}
	m.OptionalDependencies = map[string]string{}
	for _, p := range platforms {
		m.OptionalDependencies["@seedkit/"+p.node] = r.version
	}
	script, err := shim.ReadFile("npm/seedkit.js")
	if err != nil {
		return err
	}
	readme, err := shim.ReadFile("npm/README.md")
	if err != nil {
		return err
	}
	return r.writeTarball(dist, m,
		append(documents, file{"README.md", 0o644, readme}, file{"seedkit.js", 0o755, script}))
}

func (r release) npmManifest(name string) npmManifest {
	return npmManifest{
		Name:            name,
		Version:         r.version,
		Description:     purpose,
		License:         "MIT",
		Homepage:        homepage,
		Repository:      npmRepository{"git", "git+" + homepage + ".git"},
		PreferUnplugged: true,
	}
}

// writeTarball writes a package under the name that npm pack gives it.
func (r release) writeTarball(dist string, m npmManifest, files []file) error {
	for _, f := range files {
		m.Files = append(m.Files, f.name)
	}
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(m); err != nil {
		return err
	}
	packed := []file{{"package/package.json", 0o644, text.Bytes()}}
	for _, f := range files {
		packed = append(packed, file{path.Join("package", f.name), f.mode, f.data})
	}
	data, err := tarGz(packed, r.time)
	if err != nil {
		return err
	}
	name := strings.ReplaceAll(strings.TrimPrefix(m.Name, "@"), "/", "-") + "-" + r.version + ".tgz"
	return os.WriteFile(filepath.Join(dist, "npm", name), data, 0o666)
}
