// Command bench compares the speed of seedkit and the sqlite3 shell on databases that it generates
// from a fixed seed:
//
//	go run ./internal/bench -sqlite3 /usr/bin/sqlite3
//
// docs/bench.md explains the figures.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"regexp"
	"slices"
)

type options struct {
	shells []string
	dir    string
	pairs  int
	stages *regexp.Regexp
	node   string
	make   bool
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, parse()); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func parse() options {
	var opts options
	flag.Func("sqlite3",
		"measure against the shell at `PATH`; may be given again (default: the sqlite3 on PATH)",
		func(path string) error {
			opts.shells = append(opts.shells, path)
			return nil
		})
	flag.StringVar(&opts.dir, "dir", "",
		"keep the databases in `DIR`, about 1 GB (default: seedkit-bench in the user's cache)")
	flag.IntVar(&opts.pairs, "pairs", 5, "how often each command is run")
	stages := flag.String("stages", "", "measure only stages whose name matches the `REGEXP`")
	flag.StringVar(&opts.node, "node", "",
		"measure gen also against drizzle-seed and Prisma's createMany, as far as the node "+
			"project `DIR` has them")
	flag.BoolVar(&opts.make, "make", false, "make the databases, and measure nothing")
	flag.Parse()
	opts.stages = regexp.MustCompile(*stages)
	return opts
}

func run(ctx context.Context, opts options) error {
	dir, err := opts.cache()
	if err != nil {
		return err
	}
	if opts.make {
		return makeDatabases(ctx, dir)
	}
	// A child process starts with the peak memory of its parent, so another process must create the
	// databases.
	if slices.ContainsFunc(stages, func(s stage) bool { return opts.stages.MatchString(s.name) }) {
		if err := runSelf(ctx, "-make", "-dir", dir); err != nil {
			return err
		}
	}
	shells, err := opts.findShells()
	if err != nil {
		return err
	}
	work, err := os.MkdirTemp(dir, "run")
	if err != nil {
		return err
	}
	defer os.RemoveAll(work)
	b := bench{dir: dir, work: work, seedkit: filepath.Join(work, "seedkit"), pairs: opts.pairs}
	build := command(ctx, "go", "build", "-o", b.seedkit, "github.com/seedkit/seedkit/cmd/seedkit")
	// seedkit needs no C, and the C library takes memory
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if err := build.Run(); err != nil {
		return fmt.Errorf("build seedkit: %w", err)
	}
	for _, shell := range shells {
		if err := b.against(ctx, shell, opts.stages); err != nil {
			return err
		}
	}
	if opts.node != "" {
		return b.againstPeers(ctx, opts.node, opts.stages)
	}
	return nil
}

func (o options) cache() (string, error) {
	dir := o.dir
	if dir == "" {
		cache, err := os.UserCacheDir()
		if err != nil {
			return "", err
		}
		dir = filepath.Join(cache, "seedkit-bench")
	}
	dir, err := filepath.Abs(dir)
	if err != nil {
		return "", err
	}
	return dir, os.MkdirAll(dir, 0o777)
}

func (o options) findShells() ([]string, error) {
	if len(o.shells) > 0 {
		return o.shells, nil
	}
	shell, err := exec.LookPath("sqlite3")
	if err != nil {
		return nil, fmt.Errorf("find a shell to measure against (-sqlite3 names one): %w", err)
	}
	return []string{shell}, nil
}

func makeDatabases(ctx context.Context, dir string) error {
	for _, d := range databases {
		if _, err := d.path(ctx, dir); err != nil {
			return err
		}
	}
	return nil
}

func runSelf(ctx context.Context, args ...string) error {
	self, err := os.Executable()
	if err != nil {
		return err
	}
	return command(ctx, self, args...).Run()
}

func command(ctx context.Context, name string, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Stderr = os.Stderr
	return cmd
}
