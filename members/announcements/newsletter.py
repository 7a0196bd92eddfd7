"""Who hears news: it is asked for with a box, and stopped with the same box or with a link in an email."""

from s4jr.mail.kinds import TO_MANY
from s4jr.mail.models import Suppression


def gets_news(member):
    """Whether this member asked for news and has not stopped it with a link in an email since."""
    return member.newsletter and not Suppression.objects.among({member.email_index}, TO_MANY)
