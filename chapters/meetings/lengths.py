"""The lengths of a meeting that a form offers."""

from django.utils.translation import ngettext

LENGTHS = (30, 45, 60, 75, 90, 120, 150, 180, 240, 360, 480)


def length_in_words(minutes: int) -> str:
    """ "1 hour 30 minutes"."""
    hours, rest = divmod(int(minutes), 60)
    words = [ngettext("%d hour", "%d hours", hours) % hours] if hours else []
    return " ".join([*words, ngettext("%d minute", "%d minutes", rest) % rest] if rest else words)


def length_choices(*more: int | None) -> list[tuple[int, str]]:
    """Choices of a length in minutes, with the lengths `more` added."""
    return [(minutes, length_in_words(minutes)) for minutes in sorted({*LENGTHS, *filter(None, more)})]
