"""How many representatives are where, as the directory lists it."""

from dataclasses import dataclass, field

from chapters.regions import by_name, country_name, country_of, place_name, region_name


@dataclass
class Place:
    """A country with its parts, or one of them."""

    code: str
    name: str
    count: int = 0
    parts: list["Place"] = field(default_factory=list)


def countries(counts):
    """The countries of `count_by_place`, each with its parts, by name in the page's language."""
    found = {}
    for (country, region), count in counts.items():
        place = found.setdefault(country, Place(country, country_name(country)))
        place.count += count
        if region:
            place.parts.append(Place(region, region_name(region), count))
    for place in found.values():
        place.parts.sort(key=lambda part: by_name(part.name))
    return sorted(found.values(), key=lambda place: by_name(place.name))


def count_at(counts, place):
    """How many of `count_by_place` are at a place, by its code; all for ""."""
    return sum(count for (country, region), count in counts.items() if place in ("", country, region))


def full_name(place):
    """A name that is one place's only: "Georgia" is the country, "Georgia, United States" the state."""
    return ", ".join(name for _code, name in reversed(way_to(place)))


def way_to(place):
    """The country above a state or province, and the place itself, as pairs of code and name; nothing for ""."""
    codes = dict.fromkeys([country_of(place), place]) if place else []
    return [(code, place_name(country_of(code), code)) for code in codes]
