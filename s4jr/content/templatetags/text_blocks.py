"""`{% load text_blocks %}{% text_block "our-why" as why %}{{ why.title }}{{ why.html }}{{ why.edit_link }}`"""

from django import template
from django.template import Context
from django.utils.translation import get_language

from s4jr.content import markdown
from s4jr.content.live_texts import LiveTexts, Text

register = template.Library()


@register.filter
def without_links(html: object) -> str:
    """A text for a page with a form, where a link would lose what was typed."""
    return markdown.without_links(str(html))


@register.simple_tag(takes_context=True)
def text_block(context: Context, key: str) -> Text:
    """The text under `key` in the page's language. All texts of a page cost one query."""
    return texts_of(context).text(key)


@register.simple_tag(takes_context=True)
def has_draft(context: Context) -> bool:
    """Whether this page has shown an unconfirmed text so far. Costs no query."""
    shelves = getattr(context.get("request"), "live_texts", {})
    return any(shelf.has_draft for shelf in shelves.values())


def texts_of(context: Context) -> LiveTexts:
    """The LiveTexts of this page, kept for the length of the request."""
    language = get_language()
    request = context.get("request")
    if request is None:
        return LiveTexts(language)
    shelves = request.__dict__.setdefault("live_texts", {})
    if language not in shelves:
        shelves[language] = LiveTexts(language, request)
    return shelves[language]
