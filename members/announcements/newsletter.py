"""Who gets news. Members ask for it with a checkbox, and stop it with the checkbox or the link in an email."""

from members.models.member import Member
from s4jr.mail.kinds import TO_MANY
from s4jr.mail.models import Suppression


def gets_news(member: Member) -> bool:
    """Whether this member asked for news and has not stopped it with the link in an email since."""
    index = member.email_index
    return member.newsletter and not (index and Suppression.objects.among({index}, TO_MANY))
