"""`{% load navigation %}{% nav_link "why" _("Why we do this") %}`: a list item that knows if its page is current."""

from functools import lru_cache

from django import template
from django.conf import settings
from django.template import Context
from django.urls import get_urlconf, reverse
from django.utils.html import format_html
from django.utils.safestring import mark_safe
from django.utils.translation import get_language

register = template.Library()
HERE = mark_safe(' aria-current="page"')


@register.simple_tag(takes_context=True)
def nav_link(context: Context, name: str, label: object) -> str:
    """A tag, not a template: every page has thirty of these, and as templates they took a third of its render time."""
    address, elsewhere, here = _make_items(name, str(label), get_language(), get_urlconf())
    request = context.get("request")
    return here if request is not None and request.path == address else elsewhere


@lru_cache(maxsize=512)
def _make_items(name, label, _language, _urlconf):
    """(the address, the link on other pages, the link on its own page)."""
    address = reverse(name)
    return address, *(format_html('<li><a href="{}"{}>{}</a></li>', address, here, label) for here in ("", HERE))


@register.simple_tag
def full_address(name: str) -> str:
    """The full URL of a page, for pages that the email host serves too."""
    return settings.SITE_URL + reverse(name)
