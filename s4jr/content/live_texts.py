"""Texts as a reader gets them now: the file, or the edit over it, in the page's language or else in English."""

from dataclasses import dataclass, field, replace
from functools import cache, cached_property
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import get_language, gettext

from s4jr.content import links, markdown
from s4jr.content.cache_version import cache_version_for
from s4jr.content.files import all_files, file_for
from s4jr.content.models import TextBlock


class UnknownText(LookupError):
    """No file and no edit holds this key: a mistake in a template or an email."""


def text_block(key, language):
    """The text under `key` as it stands now, outside a request (emails); UnknownText if there is none."""
    return LiveTexts(language).text(key)


def texts_by_language():
    """A function from a language to its LiveTexts, all of the cache version of this moment: one question for all of
    them.
    """
    cache_version = cache_version_for()
    return cache(lambda language: LiveTexts(language, cache_version=cache_version))


@dataclass(frozen=True)
class Text:
    """`language` is the one the words are really in; `markdown` is the body as written, `{placeholders}` and all."""

    key: str
    language: str
    title: str
    markdown: str
    is_hidden: bool
    is_edited: bool
    is_draft: bool
    shelf: "LiveTexts" = field(repr=False, compare=False)

    @cached_property
    def html(self):
        """The body for a page; nothing while the text is hidden."""
        return "" if self.is_hidden else self.shelf.made_of(self.markdown, markdown.render)

    @cached_property
    def items(self):
        """The points of the lists in the body, one safe HTML string each."""
        return [] if self.is_hidden else self.shelf.made_of(self.markdown, markdown.render_items)

    @cached_property
    def linked(self):
        """The things (figures) this text links to with a scheme of ours, each once, in the order of the text."""
        links = self.shelf.links_in(self.markdown)
        addresses = [] if self.is_hidden else dict.fromkeys(markdown.addresses(self.markdown))
        return [links[address] for address in addresses if address in links]

    def as_in_file(self):
        """The same text without the edit over it; UnknownText where it has no file."""
        file = file_for(self.key, self.language)
        if file is None:
            raise UnknownText(self.key)
        title, body = split(file.text)
        return replace(self, title=title, markdown=body, is_edited=False)

    @property
    def edit_link(self):
        """A link for those who may edit; nothing for everybody else."""
        return self.shelf.edit_link(self) if self.shelf.may_edit else ""


class LiveTexts:
    """All texts for one reader in one language, of one cache version: see `cache_version.py` for what that asks the
    database.
    """

    def __init__(self, language, request=None, cache_version=None):
        self.language = language
        self.request = request
        self.cache_version = cache_version or cache_version_for(request)
        self.has_draft = False  # whether any text given so far is shown and nobody has confirmed it

    def text(self, key):
        language = self._language_of(key)
        if language is None:
            raise UnknownText(key)
        text = self._text(key, language, self._rows.get((key, language)))
        self.has_draft |= text.is_draft and not text.is_hidden
        return text

    def has(self, key):
        """Whether there is a text under a key that came from the database, where nothing promises one."""
        return self._language_of(key) is not None

    def _language_of(self, key):
        """The language in which this reader gets a text; None where there is no such text."""
        found = (at for at in self._languages if (key, at) in self._rows or file_for(key, at))
        return next(found, None)

    def preview(self, key, words):
        """The text as it would be with `words` saved; without words, as it is now."""
        text = self.text(key)
        if not words:
            return text
        title, body = split(words)
        return replace(text, title=title, markdown=body, is_hidden=False)

    def _text(self, key, language, row):
        file = file_for(key, language)
        title, body = split(row.text if row else file.text)
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

    def made_of(self, text, make):
        """`make(text, links)`, once in a cache version and a language: it took half of the time of a page."""
        kept = self.cache_version.get(dict)
        key = (make, text, get_language())  # what a link to a figure says is in the page's language
        if key not in kept:
            kept[key] = make(text, self.links_in(text))
        return kept[key]

    def links_in(self, text):
        """What the texts of the site link to, by address; nothing is asked for a text without such links."""
        return self.cache_version.get(_links) if markdown.addresses(text) else {}

    @cached_property
    def may_edit(self):
        """Whether this reader may enter the admin (second factor included) and change texts."""
        return bool(
            self.request
            and admin.site.has_permission(self.request)
            and self.request.user.has_perm("content.change_textblock")
        )

    def edit_link(self, text):
        query = urlencode({"language": text.language, "back": self.request.path}, safe="/")
        return format_html(
            '<a class="edit-this" href="{}?{}" aria-label="{}: {}">{}</a>',
            reverse("edit_text_block", args=[text.key]),
            query,
            gettext("Edit this"),
            text.title,
            gettext("Edit this"),
        )


def _rows():
    return {(row.key, row.language): row for row in TextBlock.objects.differing_from_files()}


def _links():
    return links.resolve([file.text for file in all_files().values()] + [row.edit for row in _rows().values()])


def split(text):
    """(title, body) of a text whose first line is `# Title`."""
    first, _, rest = text.partition("\n")
    return (first[2:].strip(), rest.strip()) if first.startswith("# ") else ("", text)
