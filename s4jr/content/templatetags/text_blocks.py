"""`{% load text_blocks %}{% text_block "our-why" as why %}{{ why.title }}{{ why.html }}{{ why.edit_link }}`"""

from django import template
from django.utils.translation import get_language

from s4jr.content import markdown
from s4jr.content.live_texts import LiveTexts

register = template.Library()


@register.filter
def without_links(html):
    """A text as it stands on a page with a form that somebody fills in."""
    return markdown.without_links(str(html))


@register.simple_tag(takes_context=True)
def text_block(context, key):
    """The text under `key` in the page's language. All texts of a page cost one query together."""
    return texts_of(context).text(key)


@register.simple_tag(takes_context=True)
def has_draft(context):
    """Whether a text this page has shown so far is one nobody has confirmed. It asks the database nothing."""
    shelves = getattr(context.get("request"), "live_texts", {})
    return any(shelf.has_draft for shelf in shelves.values())


def texts_of(context):
    """The texts this page has begun to read; they live as long as the request."""
    language = get_language()
    request = context.get("request")
    if request is None:
        return LiveTexts(language)
    shelves = request.__dict__.setdefault("live_texts", {})
    if language not in shelves:
        shelves[language] = LiveTexts(language, request)
    return shelves[language]
