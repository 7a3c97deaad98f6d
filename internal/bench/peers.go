package main

import (
	"context"
	"embed"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
)

// peerFiles are programs for node that make the rows of fixtures as other tools do.
//
//go:embed testdata/peers
var peerFiles embed.FS

// peers are the other tools. Each needs a package.
var peers = []struct {
	name, needs   string
	prepare, make string
}{
	{"drizzle-seed", "drizzle-seed", ":", `node $peers/drizzle.mjs`},
	{
		"createMany", "@prisma/client", `cd $peers && DATABASE_URL=file::memory: ` +
			`CHECKPOINT_DISABLE=1 ../node_modules/.bin/prisma generate --no-hints`,
		`node $peers/prisma.mjs`,
	},
}

// peerRows is the number of rows that the other tools make.
const peerRows = 50_000

// againstPeers measures the stage gen against other tools, as far as a node project has them.
func (b bench) againstPeers(ctx context.Context, project string, names *regexp.Regexp) error {
	project, err := filepath.Abs(project)
	if err != nil {
		return err
	}
	// Node looks for packages in the folders around a program.
	dir, err := os.MkdirTemp(project, "seedkit-bench")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	files, err := fs.Sub(peerFiles, "testdata/peers")
	if err != nil {
		return err
	}
	if err := os.CopyFS(dir, files); err != nil {
		return err
	}
	printHeader("peer")
	for _, p := range peers {
		s := stage{name: "gen, " + p.name, seedkit: genStage.seedkit, shell: p.make}
		if !names.MatchString(s.name) {
			continue
		}
		if _, err := os.Stat(filepath.Join(project, "node_modules", p.needs)); err != nil {
			fmt.Printf("%s is not installed in %s\n", p.needs, project)
			continue
		}
		if err := (sh{"peers=" + dir}).run(ctx, p.prepare); err != nil {
			return fmt.Errorf("prepare %s: %w", p.name, err)
		}
		for _, f := range seeds[:2] { // the tools make one table
			env := sh{"seedkit=" + b.seedkit, "peers=" + dir, "rows=" + strconv.Itoa(peerRows)}
			f.yaml = strings.Replace(f.yaml, "1000000", strconv.Itoa(peerRows), 1)
			if env, err = f.write(b.work, env); err != nil {
				return err
			}
			if err := b.report(ctx, f.name, s, env); err != nil {
				return err
			}
		}
	}
	return nil
}
