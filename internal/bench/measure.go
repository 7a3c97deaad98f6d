package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"time"
)

// bench measures one build of seedkit.
type bench struct {
	dir     string // holds the databases
	work    string // holds the files that the commands read and write
	seedkit string
	pairs   int
}

// cost is the time and the memory of one run.
type cost struct {
	wall time.Duration
	peak int64 // bytes of memory; 0 if the system does not report it
}

// against measures the stages with matching names against a shell, and prints a row for each.
func (b bench) against(ctx context.Context, shell string, names *regexp.Regexp) error {
	version, err := command(ctx, shell, "--version").Output()
	if err != nil {
		return fmt.Errorf("ask %s for its version: %w", shell, err)
	}
	fmt.Printf("%s: %s", shell, version)
	printHeader("sqlite3")
	chosen := slices.DeleteFunc(slices.Clone(stages), func(s stage) bool {
		return !names.MatchString(s.name)
	})
	for _, d := range databases {
		if len(chosen) == 0 {
			break
		}
		env, err := b.environment(ctx, d, shell)
		if err != nil {
			return err
		}
		for _, s := range chosen {
			if err := b.report(ctx, d.name, s, env); err != nil {
				return err
			}
		}
	}
	for _, f := range seeds {
		if !names.MatchString(genStage.name) {
			break
		}
		env, err := f.environment(ctx, b, shell)
		if err == nil {
			err = b.report(ctx, f.name, genStage, env)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func printHeader(other string) {
	fmt.Printf("%-8s %-18s %8s %8s   %-19s %10s %10s\n", "database", "stage", "seedkit", other,
		"ratio", "peak", other+"'s")
}

// report measures a stage, and prints a row.
func (b bench) report(ctx context.Context, input string, s stage, env sh) error {
	ours, theirs, err := b.measure(ctx, s, env)
	if err != nil {
		return fmt.Errorf("%s of %s: %w", s.name, input, err)
	}
	fmt.Printf("%-8s %-18s %s\n", input, s.name, compare(ours, theirs))
	return nil
}

// measure runs both commands in turn. It does not count the first pair. The order within a pair
// alternates, so that neither command always finds the warmer disk.
func (b bench) measure(ctx context.Context, s stage, env sh) (ours, theirs []cost, err error) {
	for i := range b.pairs + 1 {
		pair := [2]cost{}
		for _, side := range [2]int{i % 2, 1 - i%2} {
			script := [2]string{s.seedkit, s.shell}[side]
			if pair[side], err = b.once(ctx, s.prepare, script, env); err != nil {
				return nil, nil, err
			}
		}
		if i > 0 {
			ours, theirs = append(ours, pair[0]), append(theirs, pair[1])
		}
	}
	return ours, theirs, nil
}

func (b bench) once(ctx context.Context, prepare, script string, env sh) (cost, error) {
	dir, err := os.MkdirTemp(b.work, "once")
	if err != nil {
		return cost{}, err
	}
	defer os.RemoveAll(dir)
	env = append(slices.Clip(env), "out="+filepath.Join(dir, "out"))
	if err := env.run(ctx, prepare); err != nil {
		return cost{}, err
	}
	cmd := env.command(ctx, script)
	var said tail
	cmd.Stdout, cmd.Stderr = &said, &said
	start := time.Now()
	err = cmd.Run()
	wall := time.Since(start)
	if err != nil {
		return cost{}, fmt.Errorf("%s: %w\n%s", script, err, said)
	}
	return cost{wall, peakMemory(cmd.ProcessState)}, nil
}

// tail keeps the end of a command's output.
type tail []byte

func (t *tail) Write(p []byte) (int, error) {
	*t = append(*t, p...)
	*t = (*t)[max(0, len(*t)-1000):]
	return len(p), nil
}

// compare summarizes pairs: the medians, and the median, smallest and largest ratio.
func compare(ours, theirs []cost) string {
	ratios := make([]float64, len(ours))
	for i := range ours {
		ratios[i] = ours[i].wall.Seconds() / theirs[i].wall.Seconds()
	}
	a, b := medians(ours), medians(theirs)
	return fmt.Sprintf("%7.2fs %7.2fs   %.3f (%.3f–%.3f) %7.1f MB %7.1f MB",
		a.wall.Seconds(), b.wall.Seconds(), median(ratios), slices.Min(ratios), slices.Max(ratios),
		megabytes(a.peak), megabytes(b.peak))
}

func medians(costs []cost) cost {
	var walls []time.Duration
	var peaks []int64
	for _, c := range costs {
		walls, peaks = append(walls, c.wall), append(peaks, c.peak)
	}
	return cost{median(walls), median(peaks)}
}

func median[T ~int64 | ~float64](values []T) T {
	sorted := slices.Sorted(slices.Values(values))
	return sorted[len(sorted)/2]
}

func megabytes(bytes int64) float64 { return float64(bytes) / 1e6 }
