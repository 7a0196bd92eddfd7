"""Models of conversations: a submission of a public form, a thread, one message in it, and saved replies.

All but the last are abstract. The encrypted fields are in the models that inherit them: each has a literal `context`
that never changes.
"""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from s4jr.conversations import data_inventory
from s4jr.conversations.choices import Contact, FlagReason
from s4jr.conversations.querysets import SavedReplyQuerySet
from s4jr.erasure.rules import DataInventory
from s4jr.form_fields.long_text import LONGEST_MESSAGE
from s4jr.managers import manager_of

#: A row has an address exactly if its sender may be emailed.
HAS_AN_ADDRESS_OR_NONE = (Q(contact="none") & Q(email_index__isnull=True)) | (
    ~Q(contact="none") & Q(email_index__isnull=False)
)


class Submitted(models.Model):
    """A submission of a public form, which its sender finds again with a status code."""

    inventory: DataInventory  # in each model that inherits this
    #: Prefix of the hexadecimal digits of each number; see s4jr/erasure/record_numbers.py.
    number_prefix = ""
    #: What the outbox calls such a record. Never translated or changed: emails are found by it.
    outbox_name: str
    email: "models.TextField[str]"  # encrypted, in each model that inherits this

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    number = models.CharField(_("number"), max_length=12, unique=True, editable=False)
    contact = models.CharField(_("safe to email"), max_length=10, choices=Contact, editable=False)
    email_index = models.CharField(max_length=64, null=True, editable=False)
    language = models.CharField(_("language"), max_length=10, default="en", editable=False)
    code_hash = models.CharField(max_length=64, unique=True, editable=False)
    form_token = models.CharField(max_length=64, unique=True, editable=False)
    flag_reason = models.CharField(_("flagged"), max_length=20, choices=FlagReason, blank=True, editable=False)
    received_on = models.DateField(_("received"), editable=False)

    class Meta:
        abstract = True

    @property
    def log_id(self) -> str:
        return self.number

    @property
    def about(self) -> str:
        """How the outbox refers to this record."""
        return f"{self.outbox_name} {self.number}"

    @property
    def gets_emails(self) -> bool:
        return self.contact != Contact.NONE and bool(self.email_index)

    @property
    def is_discreet(self) -> bool:
        return self.contact == Contact.DISCREET


class Thread(Submitted):
    """A conversation that someone began with a form. Its messages are its `said`."""

    class State(models.TextChoices):
        OPEN = "open", _("waiting for an answer")
        ANSWERED = "answered", _("answered")
        CLOSED = "closed", _("closed without an answer")

    state = models.CharField(_("status"), max_length=10, choices=State, default=State.OPEN, editable=False)
    turn = models.PositiveSmallIntegerField(
        default=1, editable=False, help_text=_("Goes up with each message and each step.")
    )
    last_word_on = models.DateField(_("last message"), editable=False)

    class Meta:
        abstract = True


class ThreadMessage(models.Model):
    """One message in a thread: by the person who began it, or an answer."""

    is_answer = models.BooleanField(editable=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="+")
    at = models.DateTimeField(editable=False)
    form_token = models.CharField(max_length=64, unique=True, null=True, editable=False)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"words {self.pk}"


class SavedReply(models.Model):
    """A text for the answers of admins, or of representatives, in one language. It is about no one."""

    inventory = data_inventory.SAVED_REPLY

    class Audience(models.TextChoices):
        ADMINS = "admins", _("admins")
        REPRESENTATIVES = "representatives", _("representatives")

    title = models.CharField(
        _("title"), max_length=80, help_text=_("For those who answer. The person who wrote never sees it.")
    )
    language = models.CharField(
        _("language"), max_length=10, choices=settings.LANGUAGES, default=settings.LANGUAGE_CODE
    )
    text = models.TextField(
        _("text"),
        max_length=LONGEST_MESSAGE,
        help_text=_("Leave out names and anything about one person. Everyone who answers can read it."),
    )
    audience = models.CharField(
        _("for answers by"),
        max_length=15,
        choices=Audience,
        default=Audience.ADMINS,
        help_text=_("Representatives find theirs on their own pages, as sample answers."),
    )

    objects: ClassVar[SavedReplyQuerySet] = manager_of(SavedReplyQuerySet)

    class Meta:
        verbose_name = _("saved reply")
        verbose_name_plural = _("saved replies")
        default_permissions = ()
        ordering = ["title", "language"]
        constraints = [
            models.UniqueConstraint(
                fields=["title", "language"],
                name="one_saved_reply_a_title_and_language",
                violation_error_message=_("There is already a saved reply with this title in this language."),
            )
        ]

    def __str__(self) -> str:
        return self.title
