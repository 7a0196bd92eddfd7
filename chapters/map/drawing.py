"""The map: pictures of North America and of the world, shaded by how many representatives are where."""

import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from chapters.regions import WITH_REGIONS

#: From how many representatives on a place has this shade; below the first it has none.
STEPS = (1, 3, 10, 30)


@dataclass(frozen=True)
class Shape:
    code: str
    path: str


@dataclass(frozen=True)
class Picture:
    """`shades` has a list of shapes for each shade, from "nobody" on; `land` is what leads nowhere, as one path.

    `with_somebody` counts places, drawn or not.
    """

    name: str
    width: int
    height: int
    land: str
    shades: list[list[Shape]]
    with_somebody: int


@lru_cache(maxsize=1)
def _drawings():
    return json.loads(Path(__file__).with_name("shapes.json").read_text(encoding="utf-8"))


def north_america(counts):
    """The states and provinces; each can be pressed, since a place without anybody says how to be the first."""
    by_region = {region: count for (country, region), count in counts.items() if region and country in WITH_REGIONS}
    return _picture("north_america", by_region, leads_on=lambda _code: True)


def world(counts):
    """The countries; only those with somebody can be pressed, so that the picture stays small."""
    by_country = {}
    for (country, _region), count in counts.items():
        by_country[country] = by_country.get(country, 0) + count
    return _picture("world", by_country, leads_on=lambda code: code in by_country or code in WITH_REGIONS)


#: One picture a page: both together would be half of its bytes.
VIEWS = {"north-america": north_america, "world": world}
FIRST_VIEW = "north-america"


def shade_of(count):
    """Which shade so many representatives have, from 0 for nobody."""
    return sum(count >= step for step in STEPS)


def _picture(name, counts, leads_on):
    drawing = _drawings()[name]
    shapes = [Shape(code, path) for code, path in drawing["shapes"].items() if code and leads_on(code)]
    shades = [[shape for shape in shapes if shade_of(counts.get(shape.code, 0)) == n] for n in range(len(STEPS) + 1)]
    drawn = {shape.code for shape in shapes}
    return Picture(
        name=name,
        width=drawing["width"],
        height=drawing["height"],
        land="".join(path for code, path in drawing["shapes"].items() if code not in drawn),
        shades=shades,
        with_somebody=len(counts),
    )
