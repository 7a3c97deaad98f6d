package generate

import (
	"fmt"
	"strings"

	"github.com/brianvoe/gofakeit/v6/data"

	"github.com/seedkit/seedkit/internal/model"
)

// texts has the makers of texts by the end of the column's name.
var texts = synonyms(map[string]textMaker{
	"email emailaddress mail": (*Fake).emailParts,
	"username login handle nick nickname twitter facebook instagram mastodon bluesky " +
		"threads": (*Fake).usernameParts,
	"firstname givenname forename middlename":  personPart(person.firstName),
	"lastname surname familyname":              personPart(person.lastName),
	"fullname realname displayname personname": personPart(person.full),

	"password passwordhash passworddigest passwd encryptedpassword hashedpassword": passwordParts,
	"token secret apikey accesskey secretkey refreshtoken accesstoken sessionkey salt nonce " +
		"tokenkey privatekey publickey signingkey encryptionkey": secretParts,
	"id uid guid": func(f *Fake, c *model.Column) (head, tail string) {
		return "", f.drawer.textID(f.row, c)
	},
	"uuid": func(f *Fake, c *model.Column) (head, tail string) {
		return "", uuid(f.drawer.idTime(f.row, c))
	},
	"author artist composer director": func(
		f *Fake, _ *model.Column,
	) (head, tail string) {
		return f.FullName(), ""
	},
	"key":  keyParts,
	"md5":  hex(32),
	"sha1": hex(40),
	"hash sha256 checksum digest fingerprint":               hex(64),
	"code sku barcode isbn reference":                       codeParts,
	"slug permalink":                                        slugParts,
	"url uri link website homepage href":                    urlParts(""),
	"avatar image picture photo logo icon thumbnail banner": urlParts(".png"),
	"ip ipaddress ipv4 remoteip clientip remoteaddr":        ipParts,
	"ipv6":                            ipv6Parts,
	"host hostname domain domainname": hostParts,
	"useragent":                       oneOf(agents),
	"macaddress mac":                  macParts,
	"color colour hexcolor":           colorParts,
	"phone phonenumber mobile mobilephone cellphone cell telephone tel fax": phoneParts,

	"country nationality countryname": countryParts("country"),
	"countrycode":                     countryParts("country_abr"),
	"currency currencycode":           oneOf(data.Currency["short"]),
	"locale":                          localeParts,
	"city town":                       oneOf(data.Address["city"]),
	"region province":                 oneOf(data.Address["state"]),
	"address street streetaddress addressline address1 addressline1": plain((*Fake).street),
	"zip zipcode postalcode postcode":                                plain((*Fake).zip),
	"company companyname organization organisation employer brand vendor manufacturer " +
		"supplier": sampled(data.Data["company"]["name"]),
	"job jobtitle occupation profession contacttitle": sampled(data.Data["job"]["title"]),
	"productname":                     plain(func(f *Fake) string { return productName(f.stream) }),
	"price amount total cost balance": plain((*Fake).priceText),
	"year": plain(
		func(f *Fake) string { return fmt.Sprint(f.drawer.now.Year() - f.Int(0, 30)) }),
	"version":                    plain((*Fake).version),
	"filename originalname file": fileParts(""),
	"path filepath":              fileParts("/files/"),

	"title subject headline heading caption": plain(func(f *Fake) string { return f.Sentence(4) }),
	"content body description text bio summary html plaintext markdown about notes abstract": plain(
		func(f *Fake) string { return f.Paragraphs(1) }),
	"comment message note excerpt details error reason": plain(
		func(f *Fake) string { return f.Sentence(8) }),
	"noun": plain(func(f *Fake) string { return sample(f.stream, commonNouns) }),
	"metadata meta payload settings preferences options config properties attributes params " +
		"json": plain(func(*Fake) string { return "{}" }),
})

// synonyms gives each of the names in a key the key's value. A name must be in one key only.
func synonyms[V any](byNames map[string]V) map[string]V {
	out := map[string]V{}
	for names, v := range byNames {
		for _, name := range strings.Fields(names) {
			if _, ok := out[name]; ok {
				panic(name + " has two meanings")
			}
			out[name] = v
		}
	}
	return out
}

// plain returns a maker of texts that repeat now and then.
func plain(make func(*Fake) string) textMaker {
	return func(f *Fake, _ *model.Column) (head, tail string) { return make(f), "" }
}

// sampled returns a maker of texts of a list, which can repeat.
func sampled(list []string) textMaker {
	return plain(func(f *Fake) string { return sample(f.stream, list) })
}

// passwordParts hashes the password "password", or makes a secret where a hash finds no room.
func passwordParts(f *Fake, c *model.Column) (head, tail string) {
	hash := f.PasswordHash("password")
	if c.MaxLength > 0 && c.MaxLength < len(hash) {
		return secretParts(f, c)
	}
	return hash, ""
}

// secretParts generates 32 letters and digits.
func secretParts(f *Fake, _ *model.Column) (head, tail string) {
	const length = 32
	return "", f.letters("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789", length)
}

func hex(length int) textMaker {
	return func(f *Fake, _ *model.Column) (head, tail string) {
		return "", f.letters("0123456789abcdef", length)
	}
}

// letters generates a text of random letters.
func (f *Fake) letters(of string, length int) string {
	out := make([]byte, length)
	for i := range out {
		out[i] = of[f.stream.Uint64()%uint64(len(of))]
	}
	return string(out)
}

// keyParts generates the name of a setting.
func keyParts(f *Fake, _ *model.Column) (head, tail string) {
	return simplify(sample(f.stream, commonNouns)), ""
}

// codeParts generates a code of capital letters and digits, six if the column has room for them.
func codeParts(f *Fake, c *model.Column) (head, tail string) {
	const length = 6
	n := length
	if c.MaxLength > 0 {
		n = min(n, c.MaxLength)
	}
	return "", f.letters("ABCDEFGHJKLMNPQRSTUVWXYZ0123456789", n)
}

// slugParts generates words for an address of a page.
func slugParts(f *Fake, _ *model.Column) (head, tail string) {
	word := func() string { return simplify(sample(f.stream, loremWords)) }
	return word() + "-" + word() + "-" + word(), ""
}

func urlParts(extension string) textMaker {
	return func(f *Fake, _ *model.Column) (head, tail string) {
		return "https://example.com/", base36(f.stream.Uint64(), 8) + extension
	}
}

// ipParts generates an address that belongs to nobody (RFC 5737).
func ipParts(f *Fake, _ *model.Column) (head, tail string) {
	networks := []string{"192.0.2.", "198.51.100.", "203.0.113."}
	return "", Pick(f, networks) + fmt.Sprint(f.Int(1, 254))
}

// ipv6Parts generates an address that belongs to nobody (RFC 3849).
func ipv6Parts(f *Fake, _ *model.Column) (head, tail string) {
	return "", fmt.Sprintf("2001:db8::%x:%x", f.Int(1, 0xffff), f.Int(1, 0xffff))
}

func hostParts(f *Fake, _ *model.Column) (head, tail string) {
	word := simplify(sample(f.stream, loremWords))
	return word, "-" + base36(f.stream.Uint64(), 4) + ".example.com"
}

// macParts generates an address of a local device: the second bit of the first byte is set.
func macParts(f *Fake, _ *model.Column) (head, tail string) {
	const bits = 40
	n := f.stream.Uint64() >> (64 - bits)
	out := "02"
	for shift := bits - 8; shift >= 0; shift -= 8 {
		out += fmt.Sprintf(":%02x", byte(n>>shift))
	}
	return "", out
}

func colorParts(f *Fake, c *model.Column) (head, tail string) {
	digits := fmt.Sprintf("%06x", f.Int(0, 0xffffff))
	if c.MaxLength == len(digits) {
		return "", digits
	}
	return "", "#" + digits
}

// phoneParts generates a number in North America that belongs to nobody: 555-0100 to 555-0199.
func phoneParts(f *Fake, _ *model.Column) (head, tail string) {
	return "+1", fmt.Sprintf("%d55501%02d", f.Int(200, 999), f.Int(0, 99))
}

// countryParts returns a maker of countries, from one of gofakeit's lists. A column without room
// for more gets a code. All columns of a row have the same country.
func countryParts(list string) textMaker {
	const step = 100
	names, codes := data.Address[list], data.Address["country_abr"]
	return func(f *Fake, c *model.Column) (head, tail string) {
		list := names
		switch {
		case c.MaxLength == 3:
			return oneOf(strings.Fields(alpha3))(f, c)
		case c.MaxLength == 2:
			list = codes
		}
		if f.row.template.distinct[c.Index] {
			return f.inTurn(c, list, step)
		}
		n := uint64(len(list))
		return list[(f.row.block%n+uint64(f.row.place)*step)%n], ""
	}
}

func localeParts(f *Fake, c *model.Column) (head, tail string) {
	locale := Pick(f, []string{"en-US", "en-GB", "de-DE", "fr-FR", "es-ES", "ja-JP"})
	if c.MaxLength > 0 && c.MaxLength < len(locale) {
		locale = locale[:2]
	}
	return locale, ""
}

func (f *Fake) street() string {
	return fmt.Sprintf("%d %s %s", f.Int(1, 999), f.LastName(), "Street")
}

func (f *Fake) zip() string { return fmt.Sprintf("%05d", f.Int(10000, 99999)) }

func (f *Fake) priceText() string { return fmt.Sprintf("%d.%02d", f.Int(1, 500), f.Int(1, 99)) }

func (f *Fake) version() string {
	return fmt.Sprintf("%d.%d.%d", f.Int(0, 4), f.Int(0, 9), f.Int(0, 9))
}

func fileParts(folder string) textMaker {
	return func(f *Fake, _ *model.Column) (head, tail string) {
		name := folder + simplify(sample(f.stream, commonNouns))
		return name, "-" + base36(f.stream.Uint64(), 4) + ".png"
	}
}
