package generate

import (
	"slices"
	"strings"

	"github.com/seedkit/seedkit/internal/sqlite"
)

// usual lists the meanings of columns that have a value in most rows, although their default may be
// the empty text or 0. It has no others, such as error, status and retries, whose empty defaults
// are values of the app.
var usual = strings.Fields(`
	email emailaddress username login handle nickname firstname givenname lastname surname fullname
	displayname password passwordhash passworddigest encryptedpassword hashedpassword
	author artist composer director slug permalink url link website homepage
	avatar image picture photo logo icon thumbnail banner
	phone phonenumber mobile telephone country countryname countrycode currency currencycode locale
	city town region province address street streetaddress zip zipcode postalcode postcode
	company companyname organization organisation employer brand vendor manufacturer supplier
	job jobtitle occupation profession productname title subject headline heading caption
	content body description text bio summary about noun
	price amount total subtotal cost fee salary budget revenue unitprice grandtotal
	latitude lat longitude lng lon rating stars score age year quantity qty stock inventory capacity
	seats size filesize bytes width height weight duration views clicks hits downloads points`)

func isUsual(name string) bool { return slices.Contains(usual, name) }

// isEmpty reports whether a default is the empty text or 0.
func isEmpty(v sqlite.Value) bool {
	switch v.Kind() {
	case sqlite.Text:
		return v.Data() == ""
	case sqlite.Integer:
		return v.Int64() == 0
	case sqlite.Real:
		return v.Float64() == 0
	}
	return false
}
