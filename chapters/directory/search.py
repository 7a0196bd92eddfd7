"""The text that the directory searches: only public fields of a profile."""

from collections.abc import Mapping

from chapters.regions import folded

#: The searched fields. The public profile shows all of them.
SEARCHED = ("display_name", "pronouns", "words", "languages")


def searched(profile: Mapping[str, str]) -> str:
    """The searched text of a profile, given by its fields: folded, without accents."""
    return folded("\n".join(profile[name] for name in SEARCHED))
