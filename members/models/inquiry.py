"""What people write to the coalition, whoever they are, and what is answered."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from chapters.models import Chapter
from members import data_inventory
from members.inquiries.querysets import InquiryQuerySet
from members.models.member import Member
from s4jr.crypto.fields import EncryptedTextField


class Inquiry(models.Model):
    """A conversation that somebody began at /contact/. Erased 90 days after its last word."""

    inventory = data_inventory.INQUIRY

    class Topic(models.TextChoices):
        COALITION = "coalition", _("The coalition")
        PRESS = "press", _("Media")
        POLICY = "policy", _("Legislation and policy")
        CHAPTER = "chapter", _("A chapter")
        SAFETY = "safety", _("Safety or conduct")
        WEBSITE = "website", _("This website")

    class State(models.TextChoices):
        OPEN = "open", _("waiting for an answer")
        ANSWERED = "answered", _("answered")
        CLOSED = "closed", _("closed without an answer")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    number = models.CharField(_("number"), max_length=12, unique=True, editable=False)
    topic = models.CharField(_("topic"), max_length=12, choices=Topic, editable=False)
    chapter = models.ForeignKey(Chapter, models.SET_NULL, null=True, blank=True, editable=False, related_name="+")
    state = models.CharField(_("status"), max_length=10, choices=State, default=State.OPEN, editable=False)
    deadline = models.DateField(_("their deadline"), null=True, blank=True, editable=False)
    contact = models.CharField(_("safe to email"), max_length=10, choices=Member.Contact, editable=False)
    name = EncryptedTextField(_("name to use"), context="inquiry.name", blank=True, default="", editable=False)
    email = EncryptedTextField(_("email address"), context="inquiry.email", blank=True, default="", editable=False)
    email_index = models.CharField(max_length=64, null=True, editable=False)
    language = models.CharField(_("language"), max_length=10, default="en", editable=False)
    readers = models.ManyToManyField(
        settings.AUTH_USER_MODEL,
        blank=True,
        editable=False,
        related_name="+",
        help_text=_(
            "Safety and conduct only: the people who may read it, from the list as it was when it was written."
        ),
    )
    turn = models.PositiveSmallIntegerField(default=0, editable=False, help_text=_("How many messages were sent."))
    code_hash = models.CharField(max_length=64, unique=True, editable=False)
    form_token = models.CharField(max_length=64, unique=True, editable=False)
    flag_reason = models.CharField(_("flagged"), max_length=20, choices=Member.FlagReason, blank=True, editable=False)
    received_on = models.DateField(_("received"), editable=False)
    last_word_on = models.DateField(_("last message"), editable=False)

    objects = InquiryQuerySet.as_manager()

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
            models.CheckConstraint(
                condition=(Q(contact="none") & Q(email_index__isnull=True))
                | (~Q(contact="none") & Q(email_index__isnull=False)),
                name="an_inquiry_has_an_address_or_none",
            ),
        ]
        indexes = [
            models.Index(fields=["state", "topic", "received_on"], name="inquiries_oldest_first"),
            models.Index(fields=["last_word_on"], name="inquiries_by_last_word"),
            models.Index(fields=["email_index"], name="inquiries_by_address"),
        ]

    def __str__(self):
        return f"inquiry {self.number}"

    @property
    def log_id(self):
        return self.number

    @property
    def about(self):
        """How the outbox names this inquiry's emails."""
        return f"inquiry {self.number}"

    @property
    def gets_emails(self):
        return self.contact != Member.Contact.NONE and bool(self.email_index)

    @property
    def is_discreet(self):
        return self.contact == Member.Contact.DISCREET


class InquiryMessage(models.Model):
    """One thing that was said in an inquiry, by them or by us."""

    inventory = data_inventory.INQUIRY_WORD

    opened_with = "inquiry"  # see s4jr/crypto/decryption_guard.py

    inquiry = models.ForeignKey(Inquiry, models.CASCADE, related_name="said")
    is_ours = models.BooleanField(editable=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="+")
    words = EncryptedTextField(_("text"), context="inquiry.words", editable=False)
    at = models.DateTimeField(editable=False)
    form_token = models.CharField(max_length=64, unique=True, null=True, editable=False)

    class Meta:
        default_permissions = ()
        verbose_name = _("inquiry message")
        verbose_name_plural = _("inquiry messages")
        ordering = ["at", "pk"]

    def __str__(self):
        return f"words {self.pk}"
