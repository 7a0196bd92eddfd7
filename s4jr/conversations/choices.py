"""Choices of all public forms: how to contact the sender, and why a submission is flagged for a person to check."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Contact(models.TextChoices):
    """Whether it is safe to email someone, as every form asks."""

    YES = "yes", _("Yes, email is safe.")
    DISCREET = "discreet", _("Yes, but someone else may see my inbox. Keep emails discreet.")
    NONE = "none", _("No. Never email me.")


class FlagReason(models.TextChoices):
    """Why a submission waits until a person has checked it."""

    HONEYPOT = "honeypot", _("a hidden field was filled in")
    TOO_FAST = "too_fast", _("sent within three seconds")
    NO_TOKEN = "no_token", _("the form’s security token was missing")
    TOO_MANY = "too_many", _("very many sent within an hour")
    BLOCKED = "blocked", _("the representative blocked this sender")


#: For submissions that no representative reads: there, no one blocks a sender.
SPAM_REASONS = [choice for choice in FlagReason.choices if choice[0] != FlagReason.BLOCKED]
#: A submission with one of these was written by a person: its sender is notified like any other.
NOT_SPAM = ("", FlagReason.BLOCKED)
