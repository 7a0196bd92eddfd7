"""`{% load navigation %}{% nav_link "why" _("Our Why") %}`: a page in a list, which knows where one is."""

from django import template
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import mark_safe

register = template.Library()
HERE = mark_safe(' aria-current="page"')


@register.simple_tag(takes_context=True)
def nav_link(context, name, label):
    """A tag, not a template: every page has seventeen of these, and as templates they were a third of its making."""
    address, request = reverse(name), context.get("request")
    here = HERE if request is not None and request.path == address else ""
    return format_html('<li><a href="{}"{}>{}</a></li>', address, here, label)
