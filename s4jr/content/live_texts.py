"""Texts as a reader gets them: the file or the edit over it, in the page's language or else in English."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import cache, cached_property
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import get_language, gettext

from s4jr.content import links, markdown
from s4jr.content.cache_version import KnownCacheVersion, cache_version_for
from s4jr.content.files import all_files, file_for
from s4jr.content.models import TextBlock


class UnknownText(LookupError):
    """No file and no edit has this key: a mistake in a template or an email."""


def text_block(key: str, language: str) -> "Text":
    """The current text under `key`, outside a request (emails). Raises UnknownText."""
    return LiveTexts(language).text(key)


def texts_by_language() -> "TextsOf":
    """A function from a language to its LiveTexts, all of one cache version: one query at the first use, or none."""
    cache_version = cache(cache_version_for)
    return cache(lambda language: LiveTexts(language, cache_version=cache_version()))


@dataclass(frozen=True)
class Text:
    """`language` is that of the words themselves; `markdown` is the body as written, including `{placeholders}`."""

    key: str
    language: str
    title: str
    markdown: str
    is_hidden: bool
    is_edited: bool
    is_draft: bool
    shelf: "LiveTexts" = field(repr=False, compare=False)

    @cached_property
    def html(self) -> str:
        """The body for a page; empty while the text is hidden."""
        return "" if self.is_hidden else self.shelf.made_of(self.markdown, markdown.render)

    @cached_property
    def items(self) -> list[str]:
        """The items of the lists in the body, as safe HTML strings."""
        return [] if self.is_hidden else self.shelf.made_of(self.markdown, markdown.render_items)

    @cached_property
    def linked(self) -> list[Any]:
        """The objects (statistics) this text links to with a custom scheme, each once, in the order of the text."""
        links = self.shelf.links_in(self.markdown)
        addresses = [] if self.is_hidden else dict.fromkeys(markdown.addresses(self.markdown))
        return [links[address] for address in addresses if address in links]

    def as_in_file(self) -> "Text":
        """The same text without the edit over it. Raises UnknownText if it has no file."""
        file = file_for(self.key, self.language)
        if file is None:
            raise UnknownText(self.key)
        title, body = split(file.text)
        return replace(self, title=title, markdown=body, is_edited=False)

    @property
    def edit_link(self) -> str:
        """A link for users who may edit; empty for anyone else."""
        return self.shelf.edit_link(self) if self.shelf.may_edit else ""


class LiveTexts:
    """All texts for one reader in one language, of one cache version: `cache_version.py` says what that costs."""

    def __init__(
        self, language: str, request: HttpRequest | None = None, cache_version: KnownCacheVersion | None = None
    ) -> None:
        self.language = language
        self.request = request
        self.cache_version = cache_version or cache_version_for(request)
        self.has_draft = False  # whether any text returned so far is visible and unconfirmed

    def text(self, key: str) -> Text:
        language = self._language_of(key)
        if language is None:
            raise UnknownText(key)
        text = self._text(key, language, self._rows.get((key, language)))
        self.has_draft |= text.is_draft and not text.is_hidden
        return text

    def has(self, key: str) -> bool:
        """Whether a text exists, for keys from the database that may have none."""
        return self._language_of(key) is not None

    def _language_of(self, key):
        """The language in which this reader gets a text; None if there is no such text."""
        found = (at for at in self._languages if (key, at) in self._rows or file_for(key, at))
        return next(found, None)

    def preview(self, key: str, words: str) -> Text:
        """The text as if `words` were saved; without words, as it is."""
        text = self.text(key)
        if not words:
            return text
        title, body = split(words)
        return replace(text, title=title, markdown=body, is_hidden=False)

    def _text(self, key, language, row):
        file = file_for(key, language)
        title, body = split(row.text if row else file.text if file else "")
        return Text(
            key=key,
            language=language,
            title=title,
            markdown=body,
            is_hidden=bool(row and row.is_hidden),
            is_edited=bool(row and row.edit),
            is_draft=bool(file and file.is_draft),
            shelf=self,
        )

    @property
    def _languages(self):
        return dict.fromkeys([self.language, settings.LANGUAGE_CODE])

    @property
    def _rows(self):
        return self.cache_version.get(_rows)

    def made_of(self, text: str, make: Callable[..., Any]) -> Any:
        """Return `make(text, links)`, computed once per cache version and language: it took half the time of a page."""
        kept = self.cache_version.get(dict)
        key = (make, text, get_language())  # the text of a link to a statistic is in the page's language
        if key not in kept:
            kept[key] = make(text, self.links_in(text))
        return kept[key]

    def links_in(self, text: str) -> dict[str, Any]:
        """The objects that the site's texts link to, by address; not loaded for a text without such links."""
        return self.cache_version.get(_links) if markdown.addresses(text) else {}

    @cached_property
    def may_edit(self) -> bool:
        """Whether this reader may enter the admin (second factor included) and change texts."""
        return bool(
            self.request
            and admin.site.has_permission(self.request)
            and self.request.user.has_perm("content.change_textblock")
        )

    def edit_link(self, text: Text) -> str:
        back = self.request.path if self.request else "/"
        query = urlencode({"language": text.language, "back": back}, safe="/")
        return format_html(
            '<a class="edit-this" href="{}?{}" aria-label="{}: {}">{}</a>',
            reverse("edit_text_block", args=[text.key]),
            query,
            gettext("Edit this"),
            text.title,
            gettext("Edit this"),
        )


#: Returns the texts of a language: LiveTexts, or `texts_by_language()` for code that writes many emails.
TextsOf = Callable[[str], LiveTexts]


def _rows():
    return {(row.key, row.language): row for row in TextBlock.objects.differing_from_files()}


def _links():
    return links.resolve([file.text for file in all_files().values()] + [row.edit for row in _rows().values()])


def split(text: str) -> tuple[str, str]:
    """(title, body) of a text whose first line is `# Title`."""
    first, _, rest = text.partition("\n")
    return (first[2:].strip(), rest.strip()) if first.startswith("# ") else ("", text)
