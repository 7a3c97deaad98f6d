package generate

import (
	"slices"
	"testing"

	"github.com/seedkit/seedkit/internal/chance"
)

// TestRing compares the choices of rings with those of the definition: the row of the point that is
// the nearest after one of the probes.
func TestRing(t *testing.T) {
	for _, rows := range []int{1, 2, 3, 17, 400, 5000, large/pointsPerRow + 1} {
		type point struct {
			place uint64
			row   uint32
		}
		var points []point
		c := newRing(func(yield func(uint32, uint64) bool) {
			for row := range rows {
				if !yield(uint32(row), chance.Join(7, uint64(row))) {
					return
				}
			}
		})
		for row := range rows {
			places := chance.New(chance.Join(7, uint64(row)))
			for range pointsPerRow {
				points = append(points, point{places.Uint64(), uint32(row)})
			}
		}
		chosen := make([]int, rows)
		for hash := range uint64(60) {
			places := chance.New(hash)
			want, nearest := point{}, ^uint64(0)
			for range probes {
				place := places.Uint64()
				for _, p := range points {
					if distance := p.place - place; distance < nearest {
						want, nearest = p, distance
					}
				}
			}
			got := c.pick(hash)
			if got != want.row {
				t.Fatalf("of %d rows, %d chooses %d, want %d", rows, hash, got, want.row)
			}
			chosen[got]++
		}
		if rows == 17 && slices.Contains(chosen, 0) {
			t.Errorf("of 17 rows, some are never chosen: %v", chosen)
		}
	}
	if !newRing(func(func(uint32, uint64) bool) {}).isEmpty() {
		t.Error("a ring of no rows is not empty")
	}
}
