"""Rebuilds `chapters/place_data/names.json` and `spellings.json`, so that the site computes nothing.

Run `python -m tooling.build_place_names` after a new Babel or pycountry, or a change of an alias or a correction. A
test fails until then. Sources and licenses: `chapters/place_data/LICENCE.md`.
"""

import gettext
import json
import re
from collections.abc import Callable, Iterator
from functools import cache
from itertools import chain
from pathlib import Path

import pycountry
from babel import Locale

from chapters.place_aliases import ALIASES
from chapters.place_data.tables import LANGUAGES
from chapters.place_spelling import plain
from chapters.regions import NATIONS, TERRITORIES
from tooling.place_corrections import CORRECTIONS

DATA = Path(__file__).parent.parent / "chapters" / "place_data"
#: The languages of the site, with their names in Babel and in pycountry, best first.
LOCALES = {"en": ("en", ["en"]), "fr-ca": ("fr_CA", ["fr_CA", "fr"]), "es": ("es", ["es"])}
#: The parts of countries that are places of their own on the site.
NEAR = ("US-", "CA-", *NATIONS)


# --- names


def names() -> dict[str, list[str]]:
    """{code: its name in each of LANGUAGES} of all countries and their parts."""
    codes = [country.alpha_2 for country in pycountry.countries] + [part.code for part in pycountry.subdivisions]
    return {code: [_name_of(code, language) for language in LANGUAGES] for code in sorted(codes)}


def _name_of(code: str, language: str) -> str:
    return CORRECTIONS.get(code, {}).get(language) or _usual_name(code, language)


def _usual_name(code: str, language: str) -> str:
    """The name in CLDR of a country, and of a territory that ISO lists as a country too; else pycountry's of a part."""
    country = code.removeprefix("US-") if code in TERRITORIES.values() else code
    if "-" not in country:
        name = _names_in_cldr(language)[country].replace("\u2011", "-")
        return name[0].upper() + name[1:]
    return _translate("iso3166-2", language)(pycountry.subdivisions.get(code=code).name)


@cache
def _names_in_cldr(language: str) -> dict[str, str]:
    return dict(Locale.parse(LOCALES[language][0]).territories)


@cache
def _translate(catalogue: str, language: str) -> Callable[[str], str]:
    languages = LOCALES[language][1]
    return gettext.translation(catalogue, pycountry.LOCALES_DIR, languages, fallback=True).gettext


# --- spellings


def spellings() -> dict[str, dict[str, str]]:
    """Codes, with spaces between, by every spelling: "near" of countries and of the parts that forms offer, "far" of
    all other parts."""
    near = _coded(chain(_near_names(), _aliases()))
    for country in pycountry.countries:
        near.setdefault(country.alpha_3.casefold(), TERRITORIES.get(country.alpha_2, country.alpha_2))
    far = _coded(_far_names())
    return {"near": dict(sorted(near.items())), "far": {k: far[k] for k in sorted(far.keys() - near.keys())}}


def _near_names() -> Iterator[tuple[str, str]]:
    for code, said in names().items():
        if "-" not in code or code.startswith(NEAR):
            yield from ((TERRITORIES.get(code, code), name) for name in said)
    for country in pycountry.countries:
        yield from ((TERRITORIES.get(country.alpha_2, country.alpha_2), name) for name in _iso_names(country))


def _far_names() -> Iterator[tuple[str, str]]:
    """The names of all parts. ISO has some in two languages: "Catalunya [Cataluña]", "Corse / Korsika"."""
    for part in pycountry.subdivisions:
        for name in {*(_name_of(part.code, language) for language in LANGUAGES), part.name}:
            yield from ((part.code, said) for said in (name, *re.split(r" *[\[\]/] *", name)))


def _iso_names(country) -> Iterator[str]:
    """The short and long names in ISO 3166-1, in each language."""
    for name in filter(None, (getattr(country, kind, "") for kind in ("name", "official_name", "common_name"))):
        yield from (_translate("iso3166-1", language)(name) for language in LANGUAGES)


def _aliases() -> Iterator[tuple[str, str]]:
    yield from ((code, spelling) for code, said in ALIASES.items() for spelling in said)


def _coded(pairs) -> dict[str, str]:
    found: dict[str, set[str]] = {}
    for code, name in pairs:
        found.setdefault(plain(name), set()).add(code)
    return {name: " ".join(sorted(codes, key=_most_meant)) for name, codes in found.items() if name}


def _most_meant(code: str) -> tuple[bool, str]:
    """The state first, which most people mean."""
    return "-" not in code, code


def main() -> None:
    for name, data in (("names.json", names()), ("spellings.json", spellings())):
        (DATA / name).write_text(text_of(data), encoding="utf-8")


def text_of(data: dict) -> str:
    """JSON with a line for each entry."""
    if "near" in data:
        return "{" + ",\n".join(f"{json.dumps(kind)}: {text_of(entries)}" for kind, entries in data.items()) + "}\n"
    lines = (f"{_in_json(key)}: {_in_json(said)}" for key, said in data.items())
    return "{\n" + ",\n".join(lines) + "\n}\n"


def _in_json(data) -> str:
    return json.dumps(data, ensure_ascii=False)


if __name__ == "__main__":
    main()
