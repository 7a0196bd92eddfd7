"""What everyone who writes to us is asked, and why a person looks first at what was sent."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Contact(models.TextChoices):
    """Whether it is safe to email someone, as every form asks it."""

    YES = "yes", _("Yes, email is safe.")
    DISCREET = "discreet", _("Yes, but someone else may see my inbox. Keep emails discreet.")
    NONE = "none", _("No. Never email me.")


class FlagReason(models.TextChoices):
    """Why something that was sent waits until a person has looked at it."""

    HONEYPOT = "honeypot", _("a hidden field was filled in")
    TOO_FAST = "too_fast", _("sent within three seconds")
    NO_TOKEN = "no_token", _("the form’s security token was missing")
    TOO_MANY = "too_many", _("very many sent within an hour")
    BLOCKED = "blocked", _("the representative blocked this sender")


#: The reasons of everything that no representative reads: no one there blocks a sender.
SPAM_REASONS = [choice for choice in FlagReason.choices if choice[0] != FlagReason.BLOCKED]
#: Of what has one of these, a person wrote it: its sender is told like any other.
NOT_SPAM = ("", FlagReason.BLOCKED)
