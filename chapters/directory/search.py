"""The words by which a representative is found in the directory: only what each of them lets be seen."""

from collections.abc import Mapping

from chapters.regions import folded

#: What words are looked for in: all of it stands on the profile.
SEARCHED = ("display_name", "pronouns", "words", "languages")


def searched(profile: Mapping[str, str]) -> str:
    """The words by which a profile, a mapping of its fields, is found: one text without accents and capitals."""
    return folded("\n".join(profile[name] for name in SEARCHED))
