"""`{{ person.name|initials }}`: the first letters of the first and the last part of a name, for a portrait."""

import unicodedata

from django import template

register = template.Library()


@register.filter
def initials(name):
    """At most two letters, with the marks that belong to them; empty where a name holds none."""
    first = [letter for part in str(name).split() if (letter := _first_letter(part))]
    return "".join([*first[:1], *first[1:][-1:]])


def _first_letter(part):
    start = next((at for at, character in enumerate(part) if character.isalpha()), len(part))
    end = start + 1
    while end < len(part) and unicodedata.category(part[end]).startswith("M"):
        end += 1
    return part[start:end].upper()
