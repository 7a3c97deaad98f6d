package generate

// namesOf has the tables whose column name holds something of a kind, in the singular, by the kind.
var namesOf = map[string]string{
	"fullname": "account admin artist author beneficiary client contact contributor customer " +
		"doctor driver employee friend guest instructor lead manager member owner passenger " +
		"patient people person player profile recipient staff student subscriber teacher user " +
		"visitor volunteer worker",
	"company": "agency bank brand business carrier company employer firm manufacturer merchant " +
		"org organisation organization partner provider publisher school shipper shop store " +
		"supplier team tenant vendor workspace",
	"productname": "article good item product",
	"country":     "country nation",
	"city":        "city town",
	"region":      "province region state",
	"language":    "language",
	"currency":    "currency",
	"filename":    "asset attachment document file image media upload",
	"role":        "role",
}

// lists has the texts of columns that hold one of a few, by the end of the column's name.
var lists = map[string]string{
	"action":      "create read update delete",
	"category":    "general news travel food science",
	"channel":     "email sms push",
	"contenttype": "image/png image/jpeg application/pdf text/plain",
	"department":  "engineering marketing sales support finance",
	"direction":   "in out",
	"environment": "production staging development",
	"extension":   "png jpg pdf txt",
	"format":      "json csv xml",
	"frequency":   "daily weekly monthly",
	"gender":      "female male other",
	"httpmethod":  "GET POST PUT DELETE",
	"interval":    "day week month year",
	"kind":        "standard special other",
	"lang":        "en de fr es it nl pt pl sv ja",
	"language":    "en de fr es it nl pt pl sv ja",
	"languagecode": "en de fr es it nl pt pl sv ja da fi nb cs sk hu ro bg el tr ru uk ar he hi " +
		"zh ko th vi id",
	"level":      "low medium high",
	"loglevel":   "debug info warn error",
	"mimetype":   "image/png image/jpeg application/pdf text/plain",
	"mediatype":  "image/png image/jpeg application/pdf text/plain",
	"mode":       "automatic manual",
	"plan":       "free basic pro",
	"platform":   "web ios android",
	"priority":   "low normal high",
	"provider":   "github google gitlab microsoft",
	"role":       "admin user editor viewer moderator guest owner support",
	"scope":      "read write",
	"severity":   "info warning error critical",
	"sex":        "female male other",
	"source":     "web app import",
	"status":     "active inactive pending archived",
	"state":      "active inactive pending archived",
	"theme":      "light dark",
	"timezone":   "Europe/Berlin Europe/London America/New_York America/Los_Angeles Asia/Tokyo UTC",
	"tz":         "Europe/Berlin Europe/London America/New_York America/Los_Angeles Asia/Tokyo UTC",
	"type":       "standard special other",
	"unit":       "piece kg litre metre hour",
	"visibility": "public private",
}

// alpha3 has codes of countries with three letters (ISO 3166-1).
const alpha3 = "ARG AUS AUT BEL BGR BRA CAN CHE CHL CHN COL CRI CYP CZE DEU DNK DZA ECU EGY ESP " +
	"EST FIN FRA GBR GHA GRC HRV HUN IDN IND IRL ISL ISR ITA JPN KEN KOR LTU LUX LVA MAR MEX " +
	"MLT MYS NGA NLD NOR NZL PAK PAN PER PHL POL PRT ROU SAU SGP SRB SVK SVN SWE THA TUN TUR " +
	"UKR URY USA VNM ZAF"

// agents are browsers as they name themselves.
var agents = []string{
	"Mozilla/5.0 (X11; Linux x86_64; rv:133.0) Gecko/20100101 Firefox/133.0",
	"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) " +
		"Chrome/131.0.0.0 Safari/537.36",
	"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 " +
		"(KHTML, like Gecko) Version/18.1 Safari/605.1.15",
	"Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 " +
		"(KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1",
}
