"""The numbers of representatives by place, for the lists of the directory."""

from dataclasses import dataclass, field

from chapters.regions import by_name, country_name, country_of, place_name, region_name

#: As `RepresentativeQuerySet.count_by_place` returns it: {(country, region or ""): count}.
PlaceCounts = dict[tuple[str, str], int]


@dataclass
class Place:
    """A country with its parts, or a part."""

    code: str
    name: str
    count: int = 0
    parts: list["Place"] = field(default_factory=list)


def countries(counts: PlaceCounts) -> list[Place]:
    """The countries of `count_by_place` with their parts, sorted by name in the active language."""
    found: dict[str, Place] = {}
    for (country, region), count in counts.items():
        place = found.setdefault(country, Place(country, country_name(country)))
        place.count += count
        if region:
            place.parts.append(Place(region, region_name(region), count))
    for place in found.values():
        place.parts.sort(key=lambda part: by_name(part.name))
    return sorted(found.values(), key=lambda place: by_name(place.name))


def count_at(counts: PlaceCounts, place: str) -> int:
    """The number of representatives at a place, by its code; all for ""."""
    return sum(count for (country, region), count in counts.items() if place in ("", country, region))


def full_name(place: str) -> str:
    """The unambiguous name of a place: "Georgia" is the country, "Georgia, United States" the state."""
    return ", ".join(name for _code, name in reversed(way_to(place)))


def way_to(place: str) -> list[tuple[str, str]]:
    """The country of a state or province, and the place itself, as pairs of code and name; empty for ""."""
    codes = dict.fromkeys([country_of(place), place]) if place else {}
    return [(code, place_name(country_of(code), code)) for code in codes]
