package generate

import (
	"math"
	"slices"

	"github.com/seedkit/seedkit/internal/model"
	"github.com/seedkit/seedkit/internal/schema"
	"github.com/seedkit/seedkit/internal/sqlite"
)

// numbers has the makers of numbers by the end of the column's name.
var numbers = synonyms(map[string]maker{
	"price amount total subtotal cost fee tax balance salary budget revenue freight unitprice " +
		"grandtotal": price,
	"latitude lat":                      decimals(-90, 90, 6),
	"longitude lng lon":                 decimals(-180, 180, 6),
	"rating stars":                      between(1, 5),
	"score percent percentage progress": between(0, 100),
	"discount":                          between(0, 50),
	"status state type kind level priority severity flags mode privacy": between(0, 3),
	"age":                               between(18, 80),
	"year":                              pastYear,
	"month":                             between(1, 12),
	"day":                               between(1, 28),
	"weekday dayofweek":                 between(0, 6),
	"hour":                              between(0, 23),
	"minute second":                     between(0, 59),
	"quantity qty":                      between(1, 20),
	"stock inventory capacity seats":    between(0, 100),
	"size filesize bytes contentlength": between(1_000, 5_000_000),
	"fontsize pagesize batchsize poolsize limit": between(10, 100),
	"lineheight":                            decimals(1, 2, 1),
	"width height":                          between(100, 2000),
	"weight length":                         between(1, 200),
	"duration seconds timeout interval ttl": between(1, 3600),
	"expiresin":                             between(3600, 86_400),
	"ms millis milliseconds":                between(1, 10_000),
	"port":                                  between(1024, 65_535),
	"attempts retries tries failures":       between(0, 3),
	"count views likes clicks hits downloads points votes followers": between(0, 1000),
	"version revision":                 between(1, 5),
	"zip zipcode postalcode postcode":  between(10_000, 99_999),
	"season volume chapter page floor": between(1, 12),
})

// between returns a maker of whole numbers.
func between(least, greatest int) maker {
	return func(f *Fake, c *model.Column) any {
		least, greatest := float64(least), float64(greatest)
		return decimal(f, c, least, greatest, c.Scale)
	}
}

// decimals returns a maker of numbers with as many decimals as the type says, or the given number.
func decimals(least, greatest float64, digits int) maker {
	return func(f *Fake, c *model.Column) any {
		if isWhole(c) {
			return decimal(f, c, least, greatest, 0)
		}
		return decimal(f, c, least, greatest, scaleOr(c, digits))
	}
}

// price generates a price that ends in 99, 95 or 49 cents. A column for whole numbers gets cents.
func price(f *Fake, c *model.Column) any {
	const cents = 100
	units := f.Int(0, 299)
	value := float64(units) + float64(Pick(f, []int{99, 95, 49}))/cents
	switch {
	case isWhole(c) && c.Precision == 0:
		return int64(math.Round(value * cents))
	case c.Precision > 0:
		value = math.Mod(value, math.Pow10(c.Precision-c.Scale))
		return roundTo(value, c.Scale)
	}
	return value
}

func pastYear(f *Fake, c *model.Column) any {
	const years = 30
	now := f.drawer.now.Year()
	return between(now-years, now)(f, c)
}

// decimal generates a number with the given number of decimals that has room in its column. If none
// of the numbers has room, others have.
func decimal(f *Fake, c *model.Column, least, greatest float64, digits int) any {
	const finest = 9
	digits = min(digits, finest)
	unit := math.Pow10(digits)
	if c.Precision > 0 {
		room := math.Pow10(c.Precision-c.Scale) - math.Pow10(-digits)
		if least > room {
			least = 0
		}
		least, greatest = max(least, -room), min(greatest, room)
	}
	n := f.stream.Between(int64(math.Ceil(least*unit)), int64(math.Floor(greatest*unit)))
	if digits == 0 {
		return n
	}
	return float64(n) / unit
}

func roundTo(value float64, digits int) float64 {
	unit := math.Pow10(digits)
	return math.Floor(value*unit) / unit
}

// isWhole reports whether a column is for whole numbers.
func isWhole(c *model.Column) bool {
	return schema.AffinityOf(c.Type) == schema.IntegerAffinity || c.Precision > 0 && c.Scale == 0
}

// scaleOr returns the number of decimals of a column.
func scaleOr(c *model.Column, digits int) int {
	if c.Precision > 0 {
		return c.Scale
	}
	return digits
}

// guessNumber generates a number for a column whose name has no meaning.
func guessNumber(f *Fake, c *model.Column) any {
	if c.Kind == sqlite.Real || c.Scale > 0 {
		return decimal(f, c, 0, 1000, scaleOr(c, 2))
	}
	return decimal(f, c, 0, 1000, 0)
}

// positions are the ends of names of columns that number the rows of a parent.
var positions = []string{
	"position", "pos", "order", "sortorder", "ordering", "ordinal", "rank", "sequence", "seq",
	"idx", "index", "sort", "displayorder",
}

// countsUp reports whether a column numbers the rows of a parent: 1, 2, 3.
func countsUp(c *model.Column) bool {
	return c.Kind == sqlite.Integer && c.Scale == 0 && c.Key == nil && !c.Datetime && !c.ID &&
		slices.ContainsFunc(ends(c.Name), func(end string) bool {
			return slices.Contains(positions, end) || c.Unique && (end == "number" || end == "no")
		})
}
