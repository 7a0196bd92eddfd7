"""Markdown to safe HTML: CommonMark without raw HTML, then sanitized."""

from collections.abc import Callable
from functools import lru_cache
from typing import Any

import nh3
from django.conf import settings
from django.urls import is_valid_path
from django.utils.html import format_html
from django.utils.safestring import mark_safe
from django.utils.text import slugify
from django.utils.translation import get_language
from markdown_it import MarkdownIt
from markdown_it.token import Token

from s4jr.content.links import is_ours
from s4jr.language import in_language, language_of

#: The longest text an admin may save, in characters.
LONGEST = 20_000

#: Marks a figure that has a source.
STAR = "*"

_ALLOWED_TAGS = {"a", "blockquote", "br", "code", "em", "h2", "h3", "h4", "hr", "li", "ol", "p", "strong", "ul"}
#: Link schemes allowed in what visitors write, and in the site's own texts.
_OF_PEOPLE, _OF_THE_SITE = {"http", "https"}, {"http", "https", "mailto", "tel"}
_parser = MarkdownIt("commonmark", {"html": False})
#: What a document of the repository may use besides: tables, pictures, and headings that a link can name.
_document_parser = MarkdownIt("commonmark", {"html": False}).enable("table")
_DOCUMENT_TAGS = _ALLOWED_TAGS | {"img", "pre", "table", "tbody", "td", "th", "thead", "tr"}


def render(markdown: str, links: dict[str, Any] | None = None) -> str:
    """Return safe HTML. `links` is what `links.resolve` found for addresses such as `statistic:slug`.

    Only the site's own texts come with `links`. Text by visitors has none, and may not link to email or telephone.
    """
    schemes = _OF_PEOPLE if links is None else _OF_THE_SITE
    return _wash(_parser.renderer.render(_prepared(markdown, links or {}), _parser.options, {}), schemes)


def render_items(markdown: str, links: dict[str, Any] | None = None) -> list[str]:
    """Safe HTML for each list item of a text of the site, for a page that renders the list itself."""
    tokens = _prepared(markdown, links or {})
    inlines = [token for token in tokens if token.type == "inline" and token.level >= 3]
    return [_wash(_parser.renderer.render([token], _parser.options, {}), _OF_THE_SITE) for token in inlines]


def render_document(markdown: str, picture_address: Callable[[str], str]) -> str:
    """Return safe HTML of a document of the repository, with an `id` for each heading.

    `picture_address` turns the path of a picture in the document into the address of a page.
    """
    tokens = _document_parser.parse(markdown)
    for token, following in zip(tokens, [*tokens[1:], None], strict=True):
        if token.type == "heading_open" and following:
            token.attrs["id"] = slugify(following.content)
        for child in token.children or []:
            if child.type == "image":
                child.attrs["src"] = picture_address(str(child.attrs["src"]))
    html = _document_parser.renderer.render(tokens, _document_parser.options, {})
    attributes = {"a": {"href"}, "h2": {"id"}, "h3": {"id"}, "img": {"src", "alt"}, "ol": {"start"}}
    washed = nh3.clean(html, tags=_DOCUMENT_TAGS, attributes=attributes, link_rel="noreferrer")
    return mark_safe(washed)  # noqa: S308  nh3 sanitized it


@lru_cache(maxsize=512)
def addresses(markdown: str) -> tuple[str, ...]:
    """The addresses this text links to with a custom scheme, in the order of the text."""
    return tuple(
        _target_of(child)
        for token in _parser.parse(markdown)
        for child in token.children or []
        if child.type == "link_open" and is_ours(_target_of(child))
    )


def _prepared(markdown, links):
    tokens = _parser.parse(markdown)
    for token in tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = max("h2", token.tag)  # the page already has its h1
        if token.children:
            token.children = list(_resolved_links(token.children, links))
    return tokens


def _resolved_links(tokens, links):
    """Resolve custom links. No word is added, so that a sentence reads as it was written."""
    inside = None
    for token in tokens:
        if token.type == "link_open" and is_ours(_target_of(token)):
            thing, inside = links.get(_target_of(token)), []
        elif token.type == "link_close" and inside is not None:
            yield from _link_to(thing, inside) if thing else inside
            inside = None
        elif inside is not None:
            inside.append(token)
        else:
            if token.type == "link_open":
                token.attrs["href"] = _in_language_of_page(_target_of(token))
            yield token


def _target_of(token: Token) -> str:
    return str(token.attrs["href"])


def _in_language_of_page(address):
    """`/safety/` in a text becomes `/fr/safety/` on a French page. An address that names a language stays as it is."""
    ours = address.startswith("/") and not address.startswith("//") and language_of(address) == settings.LANGUAGE_CODE
    there = in_language(address, get_language()) if ours else address
    return there if is_valid_path(there.partition("?")[0].partition("#")[0]) else address


def _link_to(thing, words):
    """Link the star at the end of the words; without a star, link the words."""
    last = words[-1] if words else None
    if last is None or last.type != "text" or not last.content.endswith(STAR):
        yield from [_html_token(format_html('<a href="{}">', thing.link_address)), *words, _html_token("</a>")]
        return
    last.content = last.content.removesuffix(STAR)
    link = '<a class="star" href="{}" aria-label="{}">{}</a>'
    yield from [*words, _html_token(format_html(link, thing.link_address, thing.link_words, STAR))]


def _html_token(html):
    return Token("html_inline", "", 0, content=html)


@lru_cache(maxsize=64)
def without_links(html: str) -> str:
    """The same HTML without its links, for a page where leaving loses what was typed."""
    return mark_safe(nh3.clean(html, tags=_ALLOWED_TAGS - {"a"}, attributes={"ol": {"start"}}))  # noqa: S308  sanitized


def _wash(html, schemes):
    return mark_safe(  # noqa: S308  nh3 sanitized it
        nh3.clean(
            html,
            tags=_ALLOWED_TAGS,
            attributes={"a": {"href", "aria-label"}, "ol": {"start"}},
            allowed_classes={"a": {"star"}},
            url_schemes=schemes,
            link_rel="noreferrer",
        )
    )
