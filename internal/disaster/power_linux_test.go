package disaster

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seedkit/seedkit/internal/authority"
)

// TestPowerFailure lets the power fail after each call, or after some of them. Of what seedkit did
// not flush, a part is left. The target is as it was or as it should be, a backup with a manifest
// is whole, and a changed target has one. After its end a verb's work is there for certain.
func TestPowerFailure(t *testing.T) {
	strace := authority.Strace(t)
	eachScene(t, func(t *testing.T, s *scene) {
		how, made := s.strace(t, strace, strings.Join(recorded, ","), "-xx", "-s", "1000000")
		if how.code != 0 {
			t.Fatalf("exit code %d\n%s", how.code, how.stderr)
		}
		end := s.files(t)
		p := powerTest{scene: s, tell: newTally(t), random: rand.New(rand.NewPCG(1, 2))}
		d := newDisk(s.start)
		made = slices.DeleteFunc(made, func(c call) bool {
			return strings.HasPrefix(c.name, "open") && !strings.Contains(c.args, "O_CREAT")
		})
		step := max(1, len(made)/12)
		if isEveryCall() {
			step = 1
		}
		for i, c := range made {
			if err := d.replay(s.dir, c); err != nil {
				t.Fatal(err)
			}
			if i%step == 0 {
				p.fail(t, d, fmt.Sprintf("after call %d, %s(%.200s)", i, c.name, c.args))
			}
		}
		if diff := cmp.Diff(end, d.left(failure{1, 1}, p.random)); diff != "" {
			t.Errorf("the record does not make the files (-files +record):\n%.2000s", diff)
		}
		p.isOver = true
		p.fail(t, d, "at the end")
	})
}

type powerTest struct {
	*scene
	random *rand.Rand
	tell   tally
	isOver bool // whether the verb has ended
}

// fail looks at what several failures at one moment leave.
func (p *powerTest) fail(t *testing.T, d *disk, moment string) {
	t.Helper()
	failures := []failure{{0, 0}, {1, 1}, {0, 1}, {1, 0}, {p.random.Float64(), .5}}
	if isEveryCall() {
		for range 6 {
			failures = append(failures, failure{p.random.Float64(), p.random.Float64()})
		}
	}
	for _, f := range failures {
		p.fill(t, d.left(f, p.random))
		if !t.Run(fmt.Sprintf("names %.1f sectors %.1f", f.names, f.sectors), p.check) {
			t.Logf("%s: %q", moment, p.names(t))
		}
	}
}

func (p *powerTest) check(t *testing.T) {
	whole, _ := p.checkBackups(t)
	done := p.isDone(t)
	if p.before == p.after {
		done = whole == 1
	}
	p.tell.count("done: %v", done)
	if done && whole == 0 && p.before != (content{}) {
		t.Error("the target is changed, and there is no backup")
	}
	if p.isOver && !done {
		t.Error("what the verb has done is lost")
	}
	p.checkJournal(t, done)
}
