"""What a member shares with the representatives of their place or chapter: nothing, unless they choose to."""

from typing import NamedTuple

from chapters.models import Chapter
from chapters.regions import country_of, place_name
from members.applications.status_code import public_status
from members.applications.ways_to_help import ways_in_words
from members.models import Member, Sharing


class Audience(NamedTuple):
    """The representatives of one place (by its code) or of one chapter."""

    region: str = ""
    chapter: Chapter | None = None

    @property
    def name(self) -> str:
        return str(self.chapter) if self.chapter else place_name(country_of(self.region), self.region)

    @property
    def key(self) -> str:
        """Its field name in a form."""
        return f"chapter-{self.chapter.pk}" if self.chapter else f"place-{self.region}"


def audiences_of(member: Member) -> list[Audience]:
    """The audiences of a member: their place and their chapter, as far as they have any."""
    place = member.region or member.country
    found = [Audience(region=place)] if place else []
    return [*found, Audience(chapter=member.chapter)] if member.chapter_id else found


def shared_with(audience: Audience, member: Member) -> Sharing | None:
    """What the member shares with this audience, or None."""
    if audience.chapter:
        return member.sharings.filter(chapter=audience.chapter).first()
    return member.sharings.filter(region=audience.region, chapter=None).first()


def as_shown_to(audience: Audience, member: Member) -> list[tuple[str, str, str]]:
    """Triples (field, label, words) of what the representatives of a place or chapter see of a member.

    Every view of shared information uses this or `words_of`. Only approved members are shown.
    """
    sharing = shared_with(audience, member) if public_status(member) == "welcomed" else None
    names = sharing.fields.split() if sharing else []
    shown = [(name, label, words_of(member, name)) for name, label in Sharing.Field.choices if name in names]
    return [triple for triple in shown if triple[2]]


def words_of(member: Member, name: str) -> str:
    """A field of a member in words."""
    value = getattr(member, name)
    return ways_in_words(value) if name == Sharing.Field.WAYS_TO_HELP else value
