"""What is at a place that members may hear about: a listed representative, an open chapter, a meeting to come."""

from chapters.models import Chapter, Meeting, Representative
from members.models import PlaceAlert

News = PlaceAlert.News
#: The news at each place, by its code.
NewsByPlace = dict[str, set[str]]


def news_by_place() -> NewsByPlace:
    """The news at all places, also at the country of a part. Four queries.

    Only what any visitor or any member of the place may see: not a representative who shows only their country.
    """
    found: NewsByPlace = {}
    for kind, places in {
        News.REPRESENTATIVE: Representative.objects.public().placed().count_by_place(),
        News.CHAPTER: Chapter.objects.public().values_list("country", "region").distinct(),
        News.MEETING: _places_of_meetings(),
    }.items():
        for country, region in places:
            for code in {country, region} - {""}:
                found.setdefault(code, set()).add(kind.value)
    return found


def _places_of_meetings() -> set[tuple[str, str]]:
    """Public meetings, and those of members of a place. The others are for a chapter or for representatives.

    Members of a whole country can't come to a members' meeting of one of its parts, so it is news at that part only.
    """
    audience = Meeting.Audience
    meetings = Meeting.objects.upcoming().taking_place().order_by()
    of_members = meetings.filter(audience=audience.MEMBERS, chapter=None).values_list("region", flat=True)
    public = meetings.filter(audience=audience.PUBLIC)
    rows = public.values_list("region", "chapter__country", "chapter__region").distinct()
    found = {
        (country, region or "") if country else (of_place[:2], of_place if "-" in of_place else "")
        for of_place, country, region in rows
    }
    return found | {("", place) for place in of_members.distinct()}
