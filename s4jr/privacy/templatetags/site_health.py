from django import template

from s4jr.privacy.intake import refused_today as count_refused

register = template.Library()


@register.simple_tag
def refused_today():
    """`{% refused_today as refused %}`: how many forms found no room today."""
    return count_refused()
