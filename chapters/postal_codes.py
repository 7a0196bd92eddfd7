"""From a postal code of Canada or the United States to its province, territory or state."""

import re

from chapters.place_data.tables import zip_prefixes

#: The first letter of a Canadian postal code. Canada Post gives each province its own; X is of two territories.
LETTERS = {
    "a": "CA-NL", "b": "CA-NS", "c": "CA-PE", "e": "CA-NB", "g": "CA-QC", "h": "CA-QC", "j": "CA-QC", "k": "CA-ON",
    "l": "CA-ON", "m": "CA-ON", "n": "CA-ON", "p": "CA-ON", "r": "CA-MB", "s": "CA-SK", "t": "CA-AB", "v": "CA-BC",
    "y": "CA-YT",
}  # fmt: skip
#: The whole of the first half, where the letter X says too little.
HALVES: dict[str, str] = {
    "x0a": "CA-NU", "x0b": "CA-NU", "x0c": "CA-NU", "x0e": "CA-NT", "x0g": "CA-NT", "x1a": "CA-NT",
}  # fmt: skip
CANADIAN = re.compile(r"([abceghj-nprstvxy]\d[abceghj-nprstv-z])(?: ?\d[abceghj-nprstv-z]\d)?", re.ASCII)
#: The first three digits, five, or nine.
AMERICAN = re.compile(r"(\d{3})(\d\d(?: ?\d{4})?)?", re.ASCII)


def places_of_postal_code(words: str) -> tuple[str, ...]:
    """The places of a postal code in the form for comparing ("m5v 2t6", "90210"), or of its first half; else ()."""
    if found := CANADIAN.fullmatch(words):
        half = found[1]
        place = HALVES.get(half) or LETTERS.get(half[0])
        return (place,) if place else ("CA-NT", "CA-NU")
    if AMERICAN.fullmatch(words):
        place = zip_prefixes().get(words[:5]) or zip_prefixes().get(words[:3])
        return (place,) if place else ()
    return ()
