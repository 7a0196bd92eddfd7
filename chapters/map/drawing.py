"""The map: pictures of North America and the world, shaded by the numbers of representatives."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from chapters.regions import WITH_REGIONS, country_of, place_name

#: The minimum number of representatives for each shade.
STEPS = (1, 3, 10, 30)


@dataclass(frozen=True)
class Shape:
    """A place on the map, with its number of representatives."""

    code: str
    path: str
    count: int = 0

    @property
    def name(self) -> str:
        """Its name in the active language."""
        return place_name(country_of(self.code), self.code)


@dataclass(frozen=True)
class Picture:
    """`shades` has a list of shapes for each shade, from 0; `land` is one path for all places without a link.

    `with_somebody` counts the places with representatives, drawn or not.
    """

    name: str
    width: int
    height: int
    land: str
    shades: list[list[Shape]]
    with_somebody: int


@lru_cache(maxsize=1)
def _drawings() -> dict[str, Any]:
    return json.loads(Path(__file__).with_name("shapes.json").read_text(encoding="utf-8"))


def north_america(counts: Mapping[tuple[str, str], int]) -> Picture:
    """The states and provinces. All are links, because an empty place says how to be the first."""
    by_region = {region: count for (country, region), count in counts.items() if region and country in WITH_REGIONS}
    return _picture("north_america", by_region, leads_on=lambda _code: True)


def world(counts: Mapping[tuple[str, str], int]) -> Picture:
    """The countries. Only those with representatives, and those with regions, are links, to keep the picture small."""
    by_country: dict[str, int] = {}
    for (country, _region), count in counts.items():
        by_country[country] = by_country.get(country, 0) + count
    return _picture("world", by_country, leads_on=lambda code: code in by_country or code in WITH_REGIONS)


#: A page shows one of these, because both would be half of its bytes.
VIEWS = {"north-america": north_america, "world": world}
FIRST_VIEW = "north-america"


def shade_of(count: int) -> int:
    """The shade for a number of representatives; 0 for none."""
    return sum(count >= step for step in STEPS)


def _picture(name: str, counts: dict[str, int], leads_on: Callable[[str], bool]) -> Picture:
    drawing = _drawings()[name]
    linked = {code: path for code, path in drawing["shapes"].items() if code and leads_on(code)}
    shapes = [Shape(code, path, counts.get(code, 0)) for code, path in linked.items()]
    shades = [[shape for shape in shapes if shade_of(shape.count) == n] for n in range(len(STEPS) + 1)]
    drawn = {shape.code for shape in shapes}
    return Picture(
        name=name,
        width=drawing["width"],
        height=drawing["height"],
        land="".join(path for code, path in drawing["shapes"].items() if code not in drawn),
        shades=shades,
        with_somebody=len(counts),
    )
