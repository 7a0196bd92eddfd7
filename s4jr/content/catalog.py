"""Which page shows each text, and what each email is called. Each app registers its own texts in `text_catalog.py`."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext

EMAILS = "emails/"
#: The ending of the keys of emails for people whose inbox others read.
DISCREET = "-discreet"

Words = str | Promise


@dataclass(frozen=True)
class SitePage:
    """A page and the keys of its texts, in the order of the page. `address` is None for a page that nobody can open
    directly, such as the one after a form. `notes` says for whom a text is, where its title does not.
    """

    name: Words
    keys: tuple[str, ...]
    address: Callable[[], str] | None
    notes: Mapping[str, Words]


@dataclass(frozen=True)
class Place:
    """Where one text stands; `address` is "" if the page has no address of its own."""

    name: str
    address: str


@dataclass(frozen=True)
class TextFamily:
    """Texts whose keys have a prefix in common, one for each person or place."""

    name: Words
    places: Callable[[str], Iterable[Place]]


_pages: list[SitePage] = []
_families: dict[str, TextFamily] = {}
_emails: dict[str, Words] = {}
_may_hide: set[str] = set()


def register_page(
    name: Words,
    *keys: str,
    url_name: str = "",
    may_hide: Iterable[str] = (),
    notes: Mapping[str, Words] | None = None,
) -> None:
    """Register a page with its texts. Only texts in `may_hide` may be hidden: the page makes sense without them."""
    _pages.append(SitePage(name, keys, partial(reverse, url_name) if url_name else None, notes or {}))
    _may_hide.update(may_hide)


def register_family(prefix: str, name: Words, places: Callable[[str], Iterable[Place]]) -> None:
    """Register texts with a prefix in common: `places(key)` says where one stands. Each of them may be hidden."""
    _families[prefix] = TextFamily(name, places)


def register_emails(names: Mapping[str, Words]) -> None:
    """Register the plain names of emails, by key without `emails/`. A discreet version takes the name of its email."""
    _emails.update({f"{EMAILS}{key}": name for key, name in names.items()})


def pages() -> list[SitePage]:
    """Every page with texts, in the order of registration."""
    return [*_pages]


def family_of(key: str) -> str:
    """The prefix of the family that this text belongs to; "" for most."""
    return next((prefix for prefix in _families if key.startswith(prefix)), "")


def family_name(prefix: str) -> str:
    return str(_families[prefix].name)


def is_email(key: str) -> bool:
    return key.startswith(EMAILS)


def email_name(key: str) -> str:
    """The plain name of an email text, such as “Welcome email, discreet”; "" if none is registered."""
    name = _emails.get(key.removesuffix(DISCREET))
    if name is None:
        return ""
    return gettext("%(name)s, discreet") % {"name": name} if key.endswith(DISCREET) else str(name)


def may_hide(key: str) -> bool:
    """Whether the site can do without this text. No email, agreement or text of a form can be hidden."""
    return key in _may_hide or bool(family_of(key))


def places_of(key: str) -> list[Place]:
    """Where a text stands on the site, the page that it is listed under first."""
    if prefix := family_of(key):
        return [*_families[prefix].places(key)]
    return [_place_on(page, key) for page in _pages if key in page.keys]


def _place_on(page, key):
    return Place(str(page.name), f"{page.address()}#text-block-{key}" if page.address else "")


def note_for(key: str) -> str:
    """For whom a text is, where its title does not say it; "" for most."""
    return next((str(page.notes[key]) for page in _pages if key in page.notes), "")
