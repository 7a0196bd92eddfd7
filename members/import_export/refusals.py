"""Why a line of a list is not imported: its own columns say no, or do not say yes."""

from collections.abc import Callable, Sequence

from django.utils.translation import gettext

from members.import_export.values import is_approved, is_not_stopped, is_yes

#: How much of a cell the reason quotes.
QUOTED = 60


def why_refused(header: Sequence[str], meanings: Sequence[str], cells: Sequence[str]) -> str:
    """The reason, which names the column and what it says, or "" if no column objects."""
    for at, meaning in enumerate(meanings):
        cell = cells[at].strip() if at < len(cells) else ""
        if meaning in _GUARDS and not _GUARDS[meaning][0](cell):
            said = {"column": header[at].strip() or meaning, "cell": cell[:QUOTED]}
            return _GUARDS[meaning][1](said)
    return ""


def _say_status(said: dict[str, str]) -> str:
    if not said["cell"]:
        return gettext("We import only approved people. The column “%(column)s” is empty here.") % said
    return gettext("We import only approved people. The column “%(column)s” says “%(cell)s”.") % said


def _say_stopped(said: dict[str, str]) -> str:
    return gettext("This person must not be emailed. The column “%(column)s” says “%(cell)s”.") % said


def _say_no_consent(said: dict[str, str]) -> str:
    if not said["cell"]:
        return gettext("This person didn’t say yes to emails. The column “%(column)s” is empty here.") % said
    return gettext("This person didn’t say yes to emails. The column “%(column)s” says “%(cell)s”.") % said


#: {meaning: whether a cell is no objection, and the reason if it is one}.
_GUARDS: dict[str, tuple[Callable[[str], bool], Callable[[dict[str, str]], str]]] = {
    "status": (is_approved, _say_status),
    "stopped": (is_not_stopped, _say_stopped),
    "consent": (is_yes, _say_no_consent),
}
