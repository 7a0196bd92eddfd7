"""`{% load languages %}{% language_choices as choices %}`: the current page in each language of the site."""

from typing import Any

from django import template
from django.conf import settings
from django.template import Context
from django.utils.translation import get_language

from s4jr.language import in_language

register = template.Library()


@register.simple_tag(takes_context=True)
def language_choices(context: Context) -> list[dict[str, Any]]:
    """For each language: its code, its own name, the address of this page in it, and whether it is current.

    Empty without a request, as on the page for a server error.
    """
    request = context.get("request")
    if request is None:
        return []
    return [_choice(request, code, name) for code, name in settings.LANGUAGES]


def _choice(request, code, name):
    address = in_language(request.path, code)
    return {
        "code": code,
        "name": name,
        "address": address + _query(request),
        "full_address": settings.SITE_URL + address,
        "is_current": code == get_language(),
    }


def _query(request):
    """Keep the query string of a GET request."""
    query = request.META.get("QUERY_STRING", "") if request.method == "GET" else ""
    return f"?{query}" if query else ""
