"""The tables of places: small files that `tooling/build_place_names.py` and `tooling/build_cities.py` make.

Each is read once in a process, when it is first asked for.
"""

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

#: The order of a place's names in `names.json`.
LANGUAGES = ("en", "fr-ca", "es")
_FOLDER = Path(__file__).parent


def name_in(code: str, language: str | None) -> str:
    """The name of a place in a language, in English for a language that is not the site's; "" for an unknown code."""
    names = all_names().get(code)
    return names[LANGUAGES.index(language) if language in LANGUAGES else 0] if names else ""


@lru_cache
def all_names() -> dict[str, list[str]]:
    """{code: [its name in each of LANGUAGES]} of every country and of every part of one."""
    return _read_table("names.json")


@lru_cache
def spellings() -> dict[str, dict[str, str]]:
    """Codes, with spaces between, by spelling: "near" of countries and of parts that forms offer, "far" of others."""
    return _read_table("spellings.json")


@lru_cache
def cities() -> dict[str, str]:
    """The codes, with spaces between, of the places with a city of a name."""
    return _read_table("cities.json")


@lru_cache
def zip_prefixes() -> dict[str, str]:
    """The state or country of the first three digits of a ZIP Code, or of all five where they differ."""
    table = _read_table("zip_prefixes.json")
    return {**{prefix: place for span, place in table["prefixes"].items() for prefix in _each(span)}, **table["codes"]}


def _each(span: str) -> list[str]:
    """The prefixes of "006-007"."""
    first, _dash, last = span.partition("-")
    return [f"{number:03}" for number in range(int(first), int(last or first) + 1)]


def _read_table(name: str) -> dict[str, Any]:
    return json.loads((_FOLDER / name).read_text(encoding="utf-8"))
