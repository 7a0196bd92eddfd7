from django import template

from chapters.models import Representative

register = template.Library()


@register.inclusion_tag("chapters/_meet.html")
def meet_representatives():
    """`{% meet_representatives %}`: how many are shown, as a link to all of them; one question to the database."""
    counts = Representative.objects.public().placed().count_by_place()
    return {"people": sum(counts.values()), "countries": len({country for country, _region in counts})}
