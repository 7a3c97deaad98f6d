package main

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

// The types are those of the OCI image format: a descriptor refers to a blob by its hash, an index
// lists images by platform, and an image is a manifest of a configuration and of layers.
type (
	descriptor struct {
		MediaType   string            `json:"mediaType"`
		Digest      string            `json:"digest"`
		Size        int               `json:"size"`
		Platform    *imagePlatform    `json:"platform,omitempty"`
		Annotations map[string]string `json:"annotations,omitempty"`
	}
	imagePlatform struct {
		Architecture string `json:"architecture"`
		OS           string `json:"os"`
		Variant      string `json:"variant,omitempty"`
	}
	index struct {
		SchemaVersion int          `json:"schemaVersion"`
		MediaType     string       `json:"mediaType"`
		Manifests     []descriptor `json:"manifests"`
	}
	manifest struct {
		SchemaVersion int          `json:"schemaVersion"`
		MediaType     string       `json:"mediaType"`
		Config        descriptor   `json:"config"`
		Layers        []descriptor `json:"layers"`
	}
	configuration struct {
		imagePlatform
		Created time.Time      `json:"created"`
		Config  map[string]any `json:"config"`
		RootFS  rootFS         `json:"rootfs"`
	}
	rootFS struct {
		Type    string   `json:"type"`
		DiffIDs []string `json:"diff_ids"`
	}
)

const (
	indexType    = "application/vnd.oci.image.index.v1+json"
	manifestType = "application/vnd.oci.image.manifest.v1+json"
	configType   = "application/vnd.oci.image.config.v1+json"
	layerType    = "application/vnd.oci.image.layer.v1.tar+gzip"
)

// blobs are the files of an image, each named by its hash.
type blobs []file

// add adds a blob, and returns its descriptor.
func (b *blobs) add(mediaType string, data []byte) descriptor {
	sum := fmt.Sprintf("%x", sha256.Sum256(data))
	*b = append(*b, file{"blobs/sha256/" + sum, 0o644, data})
	return descriptor{MediaType: mediaType, Digest: "sha256:" + sum, Size: len(data)}
}

func (b *blobs) addJSON(mediaType string, value any) (descriptor, error) {
	data, err := json.Marshal(value)
	return b.add(mediaType, data), err
}

// writeImage writes an image for the programs for Linux, as a tar file in OCI's layout. The image
// has nothing but the program and a folder for temporary files.
func (r release) writeImage(dist string, built []program) error {
	var b blobs
	images := index{SchemaVersion: 2, MediaType: indexType}
	for _, p := range built {
		if p.os != "linux" {
			continue
		}
		image, err := r.addImage(&b, p)
		if err != nil {
			return err
		}
		images.Manifests = append(images.Manifests, image)
	}
	if len(images.Manifests) == 0 {
		return nil
	}
	all, err := b.addJSON(indexType, images)
	if err != nil {
		return err
	}
	all.Annotations = map[string]string{"org.opencontainers.image.ref.name": r.version}
	entry, err := json.Marshal(index{2, indexType, []descriptor{all}})
	if err != nil {
		return err
	}
	layout := []byte(`{"imageLayoutVersion":"1.0.0"}`)
	files := append([]file{
		{"oci-layout", 0o644, layout},
		{"index.json", 0o644, entry},
		{"blobs/", fs.ModeDir | 0o755, nil},
		{"blobs/sha256/", fs.ModeDir | 0o755, nil},
	}, b...)
	data, err := tarred(files, r.time)
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dist, "seedkit_"+r.version+"_image.tar"), data, 0o666)
}

// addImage adds the image of one platform.
func (r release) addImage(b *blobs, p program) (descriptor, error) {
	on := imagePlatform{Architecture: p.arch, OS: p.os}
	if p.arch == "arm" {
		on.Variant = "v7"
	}
	layer, err := tarred([]file{
		{"seedkit", 0o755, p.data},
		{"tmp/", fs.ModeDir | fs.ModeSticky | 0o777, nil},
	}, r.time)
	if err != nil {
		return descriptor{}, err
	}
	compressed, err := gzipped(layer)
	if err != nil {
		return descriptor{}, err
	}
	config, err := b.addJSON(configType, configuration{
		imagePlatform: on,
		Created:       r.time,
		Config: map[string]any{
			"Entrypoint": []string{"/seedkit"},
			"Labels": map[string]string{
				"org.opencontainers.image.title":       "seedkit",
				"org.opencontainers.image.description": purpose,
				"org.opencontainers.image.licenses":    "MIT",
				"org.opencontainers.image.source":      homepage,
				"org.opencontainers.image.version":     r.version,
			},
		},
		RootFS: rootFS{"layers", []string{fmt.Sprintf("sha256:%x", sha256.Sum256(layer))}},
	})
	if err != nil {
		return descriptor{}, err
	}
	image, err := b.addJSON(manifestType, manifest{
		2, manifestType, config, []descriptor{b.add(layerType, compressed)},
	})
	image.Platform = &on
	return image, err
}
