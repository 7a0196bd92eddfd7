"""`{% load languages %}{% language_choices as choices %}`: the page somebody reads, in each language of the site."""

from django import template
from django.conf import settings
from django.utils.translation import get_language

from s4jr.language import in_language

register = template.Library()


@register.simple_tag(takes_context=True)
def language_choices(context):
    """For each language: its code, its own name, the address of this page in it, and whether the page is in it.

    Nothing where there is no request to know the page by, as on the page that a broken server shows.
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
    """What was asked for by GET is asked for again."""
    query = request.META.get("QUERY_STRING", "") if request.method == "GET" else ""
    return f"?{query}" if query else ""
