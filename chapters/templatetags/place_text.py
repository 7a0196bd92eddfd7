from django import template
from django.utils.translation import get_language

from chapters.representatives.place_text import html_of

register = template.Library()


@register.simple_tag
def place_text(place: str) -> str:
    """`{% place_text "CA-ON" as about %}`: the text about a place as safe HTML, or ""."""
    return html_of(place, get_language())
