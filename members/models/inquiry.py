"""Inquiries that anyone can send to the coalition, and the answers to them."""

import uuid
from collections.abc import Callable
from datetime import date, timedelta
from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from chapters.models import Chapter
from members import data_inventory
from members.inquiries.querysets import CLAIM_LASTS, InquiryQuerySet
from s4jr.conversations.choices import SPAM_REASONS
from s4jr.conversations.models import HAS_AN_ADDRESS_OR_NONE, Thread, ThreadMessage
from s4jr.crypto.fields import EncryptedTextField
from s4jr.managers import manager_of

if TYPE_CHECKING:
    from django.db.models.manager import RelatedManager

    from s4jr.accounts.models import User


class Inquiry(Thread):
    """A conversation that someone started at /contact/. Erased 90 days after its last message."""

    outbox_name = "inquiry"
    inventory = data_inventory.INQUIRY

    #: No member's number starts with it, so the two kinds can be told apart after a restore.
    number_prefix = "W"

    class Topic(models.TextChoices):
        COALITION = "coalition", _("The coalition")
        PRESS = "press", _("Media")
        POLICY = "policy", _("Legislation and policy")
        CHAPTER = "chapter", _("A chapter")
        SAFETY = "safety", _("Safety or conduct")
        WEBSITE = "website", _("This website")

        @property
        def right(self) -> str:
            """The permission to read inquiries on this topic."""
            return f"members.read_{self.value}"

    topic = models.CharField(_("topic"), max_length=12, choices=Topic, editable=False)
    chapter = models.ForeignKey(Chapter, models.SET_NULL, null=True, blank=True, editable=False, related_name="+")
    deadline = models.DateField(_("their deadline"), null=True, blank=True, editable=False)
    name = EncryptedTextField(_("name to use"), context="inquiry.name", blank=True, default="", editable=False)
    email = EncryptedTextField(_("email address"), context="inquiry.email", blank=True, default="", editable=False)
    flag_reason = models.CharField(_("flagged"), max_length=20, choices=SPAM_REASONS, blank=True, editable=False)
    readers: "models.ManyToManyField[User, models.Model]" = models.ManyToManyField(
        settings.AUTH_USER_MODEL,
        blank=True,
        editable=False,
        related_name="+",
        help_text=_(
            "Safety and conduct only: the people who may read it, from the list as it was when it was written."
        ),
    )

    claimed_by: "models.ForeignKey[User | None]" = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="+"
    )
    claimed_on = models.DateField(
        _("claimed"), null=True, editable=False, help_text=_("The claim counts for a few days from this one.")
    )

    chapter_id: int | None
    claimed_by_id: int | None
    said: "RelatedManager[InquiryMessage]"
    get_topic_display: Callable[[], str]
    get_state_display: Callable[[], str]
    get_contact_display: Callable[[], str]
    get_flag_reason_display: Callable[[], str]

    objects: ClassVar[InquiryQuerySet] = manager_of(InquiryQuerySet)

    class Meta:
        verbose_name = _("inquiry")
        verbose_name_plural = _("inquiries")
        default_permissions = ()
        permissions = [
            ("read_coalition", "Can read and answer inquiries about the coalition"),
            ("read_press", "Can read and answer inquiries of the press"),
            ("read_policy", "Can read and answer inquiries about legislation and policy"),
            ("read_chapter", "Can read and answer inquiries about a chapter"),
            ("read_safety", "Can read and answer inquiries about safety or conduct"),
            ("read_website", "Can read and answer inquiries about this website"),
        ]
        constraints = [
            models.CheckConstraint(condition=HAS_AN_ADDRESS_OR_NONE, name="an_inquiry_has_an_address_or_none"),
        ]
        indexes = [
            models.Index(fields=["state", "topic", "received_on"], name="inquiries_oldest_first"),
            models.Index(fields=["last_word_on"], name="inquiries_by_last_word"),
            models.Index(fields=["email_index"], name="inquiries_by_address"),
        ]

    def __str__(self) -> str:
        return gettext("Inquiry %(number)s") % {"number": self.number}

    @property
    def claimed_until(self) -> date | None:
        """The last day of a claim; None if no one has it, or if the claim has lapsed."""
        if not self.claimed_by_id or not self.claimed_on or self.claimed_on <= timezone.now().date() - CLAIM_LASTS:
            return None
        return self.claimed_on + CLAIM_LASTS - timedelta(days=1)

    @property
    def holder(self) -> "User | None":
        """Who said that they answer it, while that claim counts."""
        return self.claimed_by if self.claimed_until else None

    @property
    def goes_on(self) -> date:
        """The day it is deleted, unless another message follows."""
        return self.last_word_on + timedelta(days=settings.INQUIRY_DAYS)


class InquiryMessage(ThreadMessage):
    """One message in an inquiry, from its sender or from the coalition."""

    inventory = data_inventory.INQUIRY_WORD

    opened_with = "inquiry"  # see s4jr/crypto/decryption_guard.py

    inquiry = models.ForeignKey(Inquiry, models.CASCADE, related_name="said")
    words = EncryptedTextField(_("text"), context="inquiry.words", editable=False)

    inquiry_id: uuid.UUID
    by_id: int | None

    class Meta:
        default_permissions = ()
        verbose_name = _("inquiry message")
        verbose_name_plural = _("inquiry messages")
        ordering = ["at", "pk"]
