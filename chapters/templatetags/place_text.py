from django import template
from django.utils.translation import get_language

from chapters.representatives.place_text import html_of

register = template.Library()


@register.simple_tag
def place_text(place):
    """`{% place_text "CA-ON" as about %}`: safe HTML of what its representatives say of a place, or nothing."""
    return html_of(place, get_language())
