"""`{% load navigation %}{% nav_link "why" _("Why we do this") %}`: a page in a list, which knows where one is."""

from functools import lru_cache

from django import template
from django.conf import settings
from django.urls import get_urlconf, reverse
from django.utils.html import format_html
from django.utils.safestring import mark_safe
from django.utils.translation import get_language

register = template.Library()
HERE = mark_safe(' aria-current="page"')


@register.simple_tag(takes_context=True)
def nav_link(context, name, label):
    """A tag, not a template: every page has thirty of these, and as templates they were a third of its making."""
    address, elsewhere, here = _make_items(name, str(label), get_language(), get_urlconf())
    request = context.get("request")
    return here if request is not None and request.path == address else elsewhere


@lru_cache(maxsize=512)
def _make_items(name, label, _language, _urlconf):
    """(the address, the link as another page shows it, the link as that page itself shows it)."""
    address = reverse(name)
    return address, *(format_html('<li><a href="{}"{}>{}</a></li>', address, here, label) for here in ("", HERE))


@register.simple_tag
def full_address(name):
    """The address of a page with its host, for pages that the host of emails shows, too."""
    return settings.SITE_URL + reverse(name)
