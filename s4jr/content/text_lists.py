"""The lists of page texts, email texts and texts about places: one line a text, its languages side by side."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import urlencode

from django.conf import settings
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import get_language, gettext, pgettext

from s4jr.content import catalog
from s4jr.content.live_texts import split
from s4jr.content.models import PLACES, TextBlock

#: (name of the state, its test of one row)
STATES: dict[str, Callable[[TextBlock], bool]] = {
    "edited": lambda row: bool(row.edit),
    "outdated": lambda row: row.is_outdated,
    "draft": lambda row: bool(row.file and row.file.is_draft),
    "hidden": lambda row: row.is_hidden,
}


@dataclass(frozen=True)
class Cell:
    """One language of a text. Without a row there is no text in it, and readers see the English one."""

    language: str
    row: TextBlock | None = None
    edit_address: str = ""
    state: str = ""


@dataclass(frozen=True)
class Line:
    """One text in all of its languages."""

    key: str
    rows: list[TextBlock]
    back: str

    @cached_property
    def title(self) -> str:
        """In the reader's language, else in English. An email goes by its plain name."""
        by_language = {row.language: split(row.text)[0] for row in self.rows}
        title = by_language.get(get_language() or "") or by_language.get(settings.LANGUAGE_CODE)
        return catalog.email_name(self.key) or title or next(filter(None, by_language.values()), self.key)

    @property
    def note(self) -> str:
        return catalog.note_for(self.key)

    @property
    def places(self) -> list[catalog.Place]:
        return catalog.places_of(self.key)

    @property
    def is_hidden(self) -> bool:
        return any(row.is_hidden for row in self.rows)

    @property
    def cells(self) -> list[Cell]:
        """One for each language of the site, in the order of the settings."""
        rows = {row.language: row for row in self.rows}
        return [self._cell(rows.get(code), name) for code, name in settings.LANGUAGES]

    def _cell(self, row: TextBlock | None, language: str) -> Cell:
        return Cell(language, row, edit_address(row, self.back), state_in_words(row)) if row else Cell(language)

    def is_in(self, state: str) -> bool:
        return any(STATES[state](row) for row in self.rows)

    def has_words(self, wanted: str) -> bool:
        """Whether its name, its key or any of its texts contains these words, in any case."""
        return any(wanted in said.casefold() for said in (self.title, self.key, *(row.text for row in self.rows)))


@dataclass(frozen=True)
class Group:
    """The texts of one page."""

    name: str
    lines: list[Line]


def edit_address(row: TextBlock, back: str) -> str:
    query = urlencode({"language": row.language, "back": back}, safe="/")
    return f"{reverse('edit_text_block', args=[row.key])}?{query}"


def state_in_words(row: TextBlock) -> str:
    """What an admin should know of one text in one language."""
    said = [
        gettext("Draft, not confirmed yet") if STATES["draft"](row) else "",
        gettext("Outdated: the original changed") if row.is_outdated else "",
        _edited_in_words(row) if row.edit else "",
    ]
    return ". ".join(filter(None, said)) or pgettext("state of a text", "Original")


def _edited_in_words(row: TextBlock) -> str:
    if row.updated_at is None:
        return gettext("Edited")
    values = {"day": date_format(row.updated_at, "DATE_FORMAT"), "who": row.updated_by}
    return (gettext("Edited on %(day)s by %(who)s") if row.updated_by else gettext("Edited on %(day)s")) % values


# --- the three lists


def lines_of(rows: Iterable[TextBlock], back: str) -> list[Line]:
    """One Line for each key, in the order of the rows."""
    by_key: dict[str, list[TextBlock]] = {}
    for row in rows:
        by_key.setdefault(row.key, []).append(row)
    return [Line(key, rows, back) for key, rows in by_key.items()]


def is_of_page(key: str) -> bool:
    return not catalog.is_email(key) and not key.startswith(PLACES)


#: {name of a list: whether a text belongs to it}
LISTS: dict[str, Callable[[str], bool]] = {
    "pages": is_of_page,
    "emails": catalog.is_email,
    "places": lambda key: key.startswith(PLACES),
}


def groups_of(name: str, lines: list[Line]) -> list[Group]:
    """The lines of a list, grouped by page; emails by whom they are for. Groups without a line are left out."""
    groups = {"pages": _by_page, "emails": _by_reader, "places": _in_one}[name](lines)
    return [group for group in groups if group.lines]


def _by_page(lines):
    """Each text is listed under the first page that shows it; the line names the others."""
    left = {line.key: line for line in lines}
    groups = [Group(str(page.name), [left.pop(key) for key in page.keys if key in left]) for page in catalog.pages()]
    families: dict[str, list[Line]] = {}
    for key in [key for key in left if catalog.family_of(key)]:
        families.setdefault(catalog.family_of(key), []).append(left.pop(key))
    groups += [Group(catalog.family_name(prefix), found) for prefix, found in families.items()]
    return [*groups, Group(gettext("Not on any page"), [*left.values()])]


def _by_reader(lines):
    ordered = sorted(lines, key=lambda line: (line.title.casefold(), line.key))
    to_admins = [line for line in ordered if line.key.startswith(f"{catalog.EMAILS}admin-")]
    return [
        Group(gettext("Emails to people"), [line for line in ordered if line not in to_admins]),
        Group(gettext("Emails to admins"), to_admins),
    ]


def _in_one(lines):
    return [Group(catalog.family_name(PLACES), lines)]


def with_state(lines: list[Line], state: str) -> list[Line]:
    """Only the lines in this state; with "", all."""
    return [line for line in lines if not state or line.is_in(state)]
