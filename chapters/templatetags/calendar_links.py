"""Addresses of calendar feeds, as calendar apps need them."""

from django import template
from django.conf import settings

register = template.Library()


@register.simple_tag
def feed_address(path: str) -> str:
    """The whole address of a feed on the site: `{% feed_address path as address %}`."""
    return settings.SITE_URL + path


@register.filter
def webcal(address: str) -> str:
    """The same address in the scheme that opens the calendar app of a device."""
    return f"webcal:{address.partition(':')[2]}"
