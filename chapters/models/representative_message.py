"""What people write to a representative on this site, and what is answered. Neither sees the other's address."""

import uuid
from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from chapters import data_inventory
from chapters.models.representative import Representative
from chapters.representative_messages.moderation import ReportedQuerySet
from chapters.representative_messages.querysets import MessageQuerySet
from s4jr.crypto.blind_index import keyed_hash
from s4jr.crypto.fields import EncryptedTextField


class Contact(models.TextChoices):
    """Whether it is safe to e-mail somebody, as the join form asks it."""

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


#: Whether a row has an address goes with whether its sender may be written to.
HAS_AN_ADDRESS_OR_NONE = (Q(contact="none") & Q(email_index__isnull=True)) | (
    ~Q(contact="none") & Q(email_index__isnull=False)
)


class RepresentativeMessage(models.Model):
    """A conversation that somebody began with a representative. Erased 30 days after its last word."""

    inventory = data_inventory.MESSAGE

    class State(models.TextChoices):
        OPEN = "open", _("waiting for an answer")
        ANSWERED = "answered", _("answered")
        CLOSED = "closed", _("closed without an answer")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    number = models.CharField(_("number"), max_length=12, unique=True, editable=False)
    representative = models.ForeignKey(
        Representative, models.SET_NULL, null=True, editable=False, related_name="conversations",
        help_text=_("The representative it was sent to. Empty once they are gone. The sender is told, and the "
"messages are deleted on schedule."),
    )  # fmt: skip
    state = models.CharField(_("status"), max_length=10, choices=State, default=State.OPEN, editable=False)
    contact = models.CharField(_("safe to email"), max_length=10, choices=Contact, editable=False)
    name = EncryptedTextField(_("name to use"), context="message.name", blank=True, default="", editable=False)
    email = EncryptedTextField(_("email address"), context="message.email", blank=True, default="", editable=False)
    email_index = models.CharField(max_length=64, null=True, editable=False)
    language = models.CharField(_("language"), max_length=10, default="en", editable=False)
    code_hash = models.CharField(max_length=64, unique=True, editable=False)
    form_token = models.CharField(max_length=64, unique=True, editable=False)
    flag_reason = models.CharField(_("flagged"), max_length=20, choices=FlagReason, blank=True, editable=False)
    coalition_may_answer = models.BooleanField(
        _("the coalition may answer"), default=False, editable=False,
        help_text=_("The sender agreed that the coalition may take over if no one reads it within a week."),
    )  # fmt: skip
    received_on = models.DateField(_("received"), editable=False)
    read_on = models.DateField(_("first read"), null=True, editable=False)
    first_answer_on = models.DateField(_("first answered"), null=True, editable=False)
    last_word_on = models.DateField(_("last message"), editable=False)
    turn = models.PositiveSmallIntegerField(default=1, editable=False, help_text=_("How many messages were sent."))
    coalition_told_on = models.DateField(_("coalition notified"), null=True, editable=False)
    taken_over_on = models.DateField(_("taken over by the coalition"), null=True, editable=False)
    taken_over_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="+"
    )

    objects = MessageQuerySet.as_manager()

    class Meta:
        verbose_name = _("representative message")
        verbose_name_plural = _("representative messages")
        default_permissions = ()
        permissions = [
            ("take_over", "Can take over what a representative left unread"),
            ("settle_reports", "Can read and settle reports of messages"),
        ]
        constraints = [
            models.CheckConstraint(condition=HAS_AN_ADDRESS_OR_NONE, name="a_message_has_an_address_or_none"),
            models.CheckConstraint(
                condition=Q(taken_over_on=None) | Q(coalition_may_answer=True), name="taken_over_only_if_agreed"
            ),
        ]
        indexes = [
            models.Index(fields=["representative", "state", "received_on"], name="messages_oldest_first"),
            models.Index(fields=["last_word_on"], name="messages_by_last_word"),
            models.Index(fields=["email_index"], name="messages_by_address"),
        ]

    def __str__(self):
        return f"conversation {self.number}"

    @property
    def log_id(self):
        return self.number

    @property
    def about(self):
        """How the outbox names this conversation's emails."""
        return f"conversation {self.number}"

    @property
    def gets_emails(self):
        return self.contact != Contact.NONE and bool(self.email_index)

    @property
    def is_flagged(self):
        """Whether it may be spam. A blocked sender is no spam, and stays with their representative's choice."""
        return self.flag_reason not in ("", FlagReason.BLOCKED)

    @property
    def goes_on(self):
        """The day it is deleted, unless something more is said."""
        return self.last_word_on + timedelta(days=settings.CONVERSATION_DAYS)

    @property
    def is_discreet(self):
        return self.contact == Contact.DISCREET

    @property
    def sender_index(self):
        """Who wrote, for `Block`: the address by its blind index, or this one conversation where there is none."""
        return self.email_index or keyed_hash("conversation", str(self.pk))


class ConversationMessage(models.Model):
    """One thing that was said in a conversation with a representative; either side may report it."""

    inventory = data_inventory.MESSAGE_WORD

    opened_with = "conversation"  # see s4jr/crypto/decryption_guard.py

    conversation = models.ForeignKey(RepresentativeMessage, models.CASCADE, related_name="said")
    is_answer = models.BooleanField(editable=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="+")
    words = EncryptedTextField(_("text"), context="message.words", editable=False)
    at = models.DateTimeField(editable=False)
    form_token = models.CharField(max_length=64, unique=True, null=True, editable=False)
    reported_on = models.DateField(
        _("reported"), null=True, editable=False, help_text=_("By the person it was written to.")
    )
    report = EncryptedTextField(_("what is wrong"), context="message.report", blank=True, default="", editable=False)
    settled_on = models.DateField(_("report settled"), null=True, editable=False)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="+"
    )

    objects = ReportedQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        verbose_name = _("conversation message")
        verbose_name_plural = _("conversation messages")
        ordering = ["at", "pk"]
        indexes = [
            models.Index(
                fields=["reported_on"],
                name="reports_that_wait",
                condition=Q(reported_on__isnull=False, settled_on=None),
            ),
        ]

    def __str__(self):
        return f"words {self.pk}"


class Block(models.Model):
    """A representative's "do not pass this sender on". It goes with the person, from one term to the next."""

    inventory = data_inventory.BLOCK

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="blocks")
    sender_index = models.CharField(max_length=64, help_text=_("See RepresentativeMessage.sender_index."))
    since = models.DateField()

    class Meta:
        default_permissions = ()
        verbose_name = _("blocked sender")
        verbose_name_plural = _("blocked senders")
        constraints = [models.UniqueConstraint(fields=["user", "sender_index"], name="blocked_once")]

    def __str__(self):
        return f"block {self.pk}"
