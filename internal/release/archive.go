package main

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"cmp"
	"compress/gzip"
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

// A file is an entry of an archive.
type file struct {
	name string // of a folder it ends with "/"
	mode fs.FileMode
	data []byte
}

// writeArchives writes the archives that people and tools such as mise, aqua and ubi download.
func (r release) writeArchives(dist string, built []program) error {
	documents, err := r.documents()
	if err != nil {
		return err
	}
	for _, p := range built {
		files := append([]file{{p.program(), 0o755, p.data}}, documents...)
		pack, extension := tarGz, ".tar.gz"
		if p.os == "windows" {
			pack, extension = zipped, ".zip"
		}
		data, err := pack(files, r.time)
		if err != nil {
			return err
		}
		name := "seedkit_" + r.version + "_" + p.name() + extension
		if err := os.WriteFile(filepath.Join(dist, name), data, 0o666); err != nil {
			return err
		}
	}
	return nil
}

// documents returns the licence and the README of the repository.
func (r release) documents() (files []file, err error) {
	for _, name := range []string{"LICENSE", "README.md"} {
		data, err := os.ReadFile(filepath.Join(r.root, name))
		if err != nil {
			return nil, err
		}
		files = append(files, file{name, 0o644, data})
	}
	return files, nil
}

// tarGz returns a gzip file of a tar file.
func tarGz(files []file, at time.Time) ([]byte, error) {
	text, err := tarred(files, at)
	if err != nil {
		return nil, err
	}
	return gzipped(text)
}

func gzipped(data []byte) ([]byte, error) {
	var out bytes.Buffer
	w, err := gzip.NewWriterLevel(&out, gzip.BestCompression)
	if err != nil {
		return nil, err
	}
	_, err = w.Write(data)
	err = cmp.Or(err, w.Close())
	return out.Bytes(), err
}

// tarred returns a tar file whose files belong to root.
func tarred(files []file, at time.Time) ([]byte, error) {
	var out bytes.Buffer
	w := tar.NewWriter(&out)
	for _, f := range files {
		header, err := tar.FileInfoHeader(info{f, at}, "")
		if err != nil {
			return nil, err
		}
		header.Name, header.Format = f.name, tar.FormatUSTAR
		if err := w.WriteHeader(header); err != nil {
			return nil, err
		}
		if _, err := w.Write(f.data); err != nil {
			return nil, err
		}
	}
	err := w.Close()
	return out.Bytes(), err
}

func zipped(files []file, at time.Time) ([]byte, error) {
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	for _, f := range files {
		header, err := zip.FileInfoHeader(info{f, at})
		if err != nil {
			return nil, err
		}
		header.Name, header.Method = f.name, zip.Deflate
		entry, err := w.CreateHeader(header)
		if err != nil {
			return nil, err
		}
		if _, err := entry.Write(f.data); err != nil {
			return nil, err
		}
	}
	err := w.Close()
	return out.Bytes(), err
}

// info says of a file what the writers of archives ask.
type info struct {
	file
	at time.Time
}

func (i info) Name() string       { return filepath.Base(i.name) }
func (i info) Size() int64        { return int64(len(i.data)) }
func (i info) Mode() fs.FileMode  { return i.mode }
func (i info) ModTime() time.Time { return i.at }
func (i info) IsDir() bool        { return i.mode.IsDir() }
func (i info) Sys() any           { return nil }
