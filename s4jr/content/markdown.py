"""Markdown to safe HTML: CommonMark without raw HTML, then everything unexpected is washed out."""

from functools import lru_cache

import nh3
from django.conf import settings
from django.urls import is_valid_path
from django.utils.html import format_html
from django.utils.safestring import mark_safe
from django.utils.translation import get_language
from markdown_it import MarkdownIt

from s4jr.content.links import is_ours
from s4jr.language import in_language, language_of

#: The longest text an admin may save, in characters.
LONGEST = 20_000

#: What says in a text that a figure has a source somewhere.
STAR = "*"

_ALLOWED_TAGS = {"a", "blockquote", "br", "code", "em", "h2", "h3", "h4", "hr", "li", "ol", "p", "strong", "ul"}
#: Where links may lead: in the words of people who write here, and in the site's own texts.
_OF_PEOPLE, _OF_THE_SITE = {"http", "https"}, {"http", "https", "mailto", "tel"}
_parser = MarkdownIt("commonmark", {"html": False})


def render(markdown, links=None):
    """Safe HTML for this Markdown. `links` is what `links.resolve` found for addresses such as `statistic:slug`.

    Only the site's own texts come with `links`. Words without them are people's, and lead to no mail or telephone.
    """
    schemes = _OF_PEOPLE if links is None else _OF_THE_SITE
    return _wash(_parser.renderer.render(_prepared(markdown, links or {}), _parser.options, {}), schemes)


def render_items(markdown, links=None):
    """Safe HTML for each point of the lists in a text of the site, for a page that draws the list itself."""
    tokens = _prepared(markdown, links or {})
    inlines = [token for token in tokens if token.type == "inline" and token.level >= 3]
    return [_wash(_parser.renderer.render([token], _parser.options, {}), _OF_THE_SITE) for token in inlines]


@lru_cache(maxsize=512)
def addresses(markdown):
    """The addresses this text links to with a scheme of ours, in the order of the text."""
    return tuple(
        child.attrs["href"]
        for token in _parser.parse(markdown)
        for child in token.children or []
        if child.type == "link_open" and is_ours(child.attrs["href"])
    )


def _prepared(markdown, links):
    tokens = _parser.parse(markdown)
    for token in tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = max("h2", token.tag)  # the page has its one h1 already
        if token.children:
            token.children = list(_resolved_links(token.children, links))
    return tokens


def _resolved_links(tokens, links):
    """Lead links of ours to their things. Not a word is added, so that a sentence is read as it was written."""
    inside = None
    for token in tokens:
        if token.type == "link_open" and is_ours(token.attrs["href"]):
            thing, inside = links.get(token.attrs["href"]), []
        elif token.type == "link_close" and inside is not None:
            yield from _link_to(thing, inside) if thing else inside
            inside = None
        elif inside is not None:
            inside.append(token)
        else:
            if token.type == "link_open":
                token.attrs["href"] = _in_language_of_page(token.attrs["href"])
            yield token


def _in_language_of_page(address):
    """`/safety/` in a text leads to `/fr/safety/` where the page is in French. What names a language is left alone."""
    ours = address.startswith("/") and not address.startswith("//") and language_of(address) == settings.LANGUAGE_CODE
    there = in_language(address, get_language()) if ours else address
    return there if is_valid_path(there.partition("?")[0].partition("#")[0]) else address


def _link_to(thing, words):
    """The star at the end of the words is the link; without one, the words are."""
    last = words[-1] if words else None
    if last is None or last.type != "text" or not last.content.endswith(STAR):
        yield from [_html_token(format_html('<a href="{}">', thing.link_address)), *words, _html_token("</a>")]
        return
    last.content = last.content.removesuffix(STAR)
    link = '<a class="star" href="{}" aria-label="{}">{}</a>'
    yield from [*words, _html_token(format_html(link, thing.link_address, thing.link_words, STAR))]


def _html_token(html):
    token = _parser.parseInline("x")[0].children[0]
    token.type, token.content = "html_inline", html
    return token


@lru_cache(maxsize=64)
def without_links(html: str) -> str:
    """The same safe HTML, with the words of its links and no link: for a page where leaving loses what was typed."""
    return mark_safe(nh3.clean(html, tags=_ALLOWED_TAGS - {"a"}, attributes={"ol": {"start"}}))  # noqa: S308  as above


def _wash(html, schemes):
    return mark_safe(  # noqa: S308  nh3 has just made it so
        nh3.clean(
            html,
            tags=_ALLOWED_TAGS,
            attributes={"a": {"href", "aria-label"}, "ol": {"start"}},
            allowed_classes={"a": {"star"}},
            url_schemes=schemes,
            link_rel="noreferrer",
        )
    )
