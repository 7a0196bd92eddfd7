"""The ways to help that people can check, and their words."""

from django.utils.translation import gettext_lazy as _

from s4jr.crypto.unreadable_text import is_unreadable

WAYS_TO_HELP = [
    ("meetings", _("Organizing meetings and skill shares")),
    ("policy", _("Policy advocacy")),
    ("stories", _("Survivor storytelling")),
    ("education", _("Political education")),
    ("media", _("Educational media campaigns")),
    ("place", _("Representing my state or province")),
    ("behind", _("Behind-the-scenes work")),
]


def ways_in_words(ways: str) -> str:
    """The labels of the ways to help that a member checked, given as their keys with spaces between."""
    words = dict(WAYS_TO_HELP)
    if is_unreadable(ways):
        return ways
    return ", ".join(str(words.get(way, way)) for way in ways.split())
