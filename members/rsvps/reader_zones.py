"""The time zone of the person who reads about a meeting, as far as we know their place. We know no guest's."""

from chapters.meetings.place_zones import zone_of_place, zone_of_terms
from members.models import Member, Rsvp


def zone_of_member(member: Member) -> str:
    """The IANA name of the time zone of the member's place; "" if it is not clear."""
    return zone_of_place(member.region or member.country)


def zone_of_reader(row: Rsvp) -> str:
    """The same for whoever gets an email about this RSVP. `row` is one of `RsvpQuerySet.opened()`."""
    if row.member:
        return zone_of_member(row.member)
    if row.user is None:
        return ""
    return zone_of_terms(row.user.terms.all())  # pyright: ignore[reportAttributeAccessIssue]  # a related name
