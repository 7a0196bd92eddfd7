"""`{{ person.name|initials }}`: the first letters of the first and last part of a name, in place of a portrait."""

import unicodedata

from django import template

register = template.Library()


@register.filter
def initials(name: object) -> str:
    """At most two letters with their combining marks; empty if a name has no letter."""
    first = [letter for part in str(name).split() if (letter := _first_letter(part))]
    return "".join([*first[:1], *first[1:][-1:]])


def _first_letter(part):
    start = next((at for at, character in enumerate(part) if character.isalpha()), len(part))
    end = start + 1
    while end < len(part) and unicodedata.category(part[end]).startswith("M"):
        end += 1
    return part[start:end].upper()
