"""Conversations between visitors and representatives. Neither side sees the other's address."""

import uuid
from collections.abc import Callable
from datetime import date, timedelta
from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from chapters import data_inventory
from chapters.models.representative import Representative
from chapters.representative_messages.querysets import ConversationMessageQuerySet, RepresentativeMessageQuerySet
from s4jr.conversations.choices import NOT_SPAM
from s4jr.conversations.models import HAS_AN_ADDRESS_OR_NONE, Thread, ThreadMessage
from s4jr.crypto.blind_index import keyed_hash
from s4jr.crypto.fields import EncryptedTextField
from s4jr.managers import manager_of

if TYPE_CHECKING:
    from s4jr.accounts.models import User


class RepresentativeMessage(Thread):
    """A conversation that someone started with a representative. Deleted 30 days after its last message."""

    outbox_name = "conversation"
    inventory = data_inventory.MESSAGE

    representative_id: uuid.UUID | None
    get_flag_reason_display: Callable[[], str]
    said: "ConversationMessageQuerySet"

    representative = models.ForeignKey(
        Representative, models.SET_NULL, null=True, editable=False, related_name="conversations",
        help_text=_("The representative it was sent to. Empty once they are gone. The sender is told, and the "
"messages are deleted on schedule."),
    )  # fmt: skip
    name = EncryptedTextField(_("name to use"), context="message.name", blank=True, default="", editable=False)
    email = EncryptedTextField(_("email address"), context="message.email", blank=True, default="", editable=False)
    coalition_may_answer = models.BooleanField(
        _("the coalition may answer"), default=False, editable=False,
        help_text=_("The sender agreed that the coalition may take over if no one reads it within a week."),
    )  # fmt: skip
    read_on = models.DateField(_("first read"), null=True, editable=False)
    first_answer_on = models.DateField(_("first answered"), null=True, editable=False)
    coalition_told_on = models.DateField(_("coalition notified"), null=True, editable=False)
    taken_over_on = models.DateField(_("taken over by the coalition"), null=True, editable=False)
    taken_over_by: "models.ForeignKey[User | None]" = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="+"
    )

    objects: ClassVar[RepresentativeMessageQuerySet] = manager_of(RepresentativeMessageQuerySet)

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

    def __str__(self) -> str:
        return gettext("Conversation No. %(number)s") % {"number": self.number}

    @property
    def is_flagged(self) -> bool:
        """Whether it may be spam. A message from a blocked sender is not spam: the representative decided about it."""
        return self.flag_reason not in NOT_SPAM

    @property
    def goes_on(self) -> date:
        """The day it is deleted, unless another message follows."""
        return self.last_word_on + timedelta(days=settings.CONVERSATION_DAYS)

    @property
    def sender_index(self) -> str:
        """The sender, for `Block`: the blind index of the address, or a hash of this conversation if there is none."""
        return self.email_index or keyed_hash("conversation", str(self.pk))


class ConversationMessage(ThreadMessage):
    """One message in a conversation with a representative; either side may report it."""

    inventory = data_inventory.MESSAGE_WORD

    opened_with = "conversation"  # see s4jr/crypto/decryption_guard.py

    conversation = models.ForeignKey(RepresentativeMessage, models.CASCADE, related_name="said")
    words = EncryptedTextField(_("text"), context="message.words", editable=False)
    reported_on = models.DateField(
        _("reported"), null=True, editable=False, help_text=_("By the person it was written to.")
    )
    report = EncryptedTextField(_("what is wrong"), context="message.report", blank=True, default="", editable=False)
    settled_on = models.DateField(_("report settled"), null=True, editable=False)
    settled_by: "models.ForeignKey[User | None]" = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="+"
    )

    objects: ClassVar[ConversationMessageQuerySet] = manager_of(ConversationMessageQuerySet)

    class Meta:
        default_permissions = ()
        verbose_name = _("conversation message")
        verbose_name_plural = _("conversation messages")
        ordering = ["at", "pk"]
        indexes = [
            models.Index(
                fields=["reported_on"],
                name="waiting_reports",
                condition=Q(reported_on__isnull=False, settled_on=None),
            ),
        ]


class Block(models.Model):
    """A sender that a representative blocked. It belongs to the user, and so also covers their later terms."""

    inventory = data_inventory.BLOCK

    user: "models.ForeignKey[User]" = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="blocks")
    sender_index = models.CharField(max_length=64, help_text=_("See RepresentativeMessage.sender_index."))
    since = models.DateField()

    class Meta:
        default_permissions = ()
        verbose_name = _("blocked sender")
        verbose_name_plural = _("blocked senders")
        constraints = [models.UniqueConstraint(fields=["user", "sender_index"], name="blocked_once")]

    def __str__(self) -> str:
        return f"block {self.pk}"
