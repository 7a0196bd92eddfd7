"""RSVPs to meetings, and the personal calendar that a member's app subscribes to."""

import uuid
from collections.abc import Callable
from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from chapters.models import Meeting
from members import data_inventory
from members.models.member import Member
from members.rsvps.querysets import RsvpQuerySet
from s4jr.conversations.choices import Contact
from s4jr.crypto.fields import EncryptedTextField
from s4jr.managers import manager_of

if TYPE_CHECKING:
    from s4jr.accounts.models import User

IS_A_GUEST = Q(member=None, user=None, form_token__isnull=False) & (
    Q(contact="none", email_index=None) | Q(contact__in=["yes", "discreet"], email_index__isnull=False)
)
NOT_A_GUEST = Q(contact="", email_index=None, form_token=None)
IS_A_MEMBER = NOT_A_GUEST & Q(member__isnull=False, user=None)
IS_A_REPRESENTATIVE = NOT_A_GUEST & Q(member=None, user__isnull=False)


class Rsvp(models.Model):
    """One person's RSVP to one meeting: a member; at a public meeting a guest, who is erased the day after; at a
    representatives' meeting a user."""

    inventory = data_inventory.RSVP

    class State(models.TextChoices):
        ASKED = "asked", _("not confirmed yet")
        GOING = "going", _("going")
        WAITING = "waiting", _("on the waitlist")
        CANCELED = "canceled", _("not going")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="rsvps")
    member = models.ForeignKey(Member, models.CASCADE, null=True, related_name="rsvps")
    user: "models.ForeignKey[User | None]" = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="rsvps"
    )
    state = models.CharField(max_length=10, choices=State, default=State.ASKED, editable=False)
    place_in_line = models.PositiveIntegerField(default=0, editable=False)
    needs = EncryptedTextField(_("what helps them take part"), context="rsvp.needs", blank=True, default="")
    wants_reminder = models.BooleanField(_("wants a reminder"), default=False)
    asked_on = models.DateField(editable=False)

    name = EncryptedTextField(_("name to use"), context="rsvp.name", blank=True, default="")
    contact = models.CharField(_("safe to email"), max_length=10, choices=Contact, blank=True)
    email = EncryptedTextField(_("email address"), context="rsvp.email", blank=True, default="")
    email_index = models.CharField(max_length=64, null=True, editable=False)
    language = models.CharField(max_length=10, default="en", editable=False)
    code_hash = models.CharField(max_length=64, unique=True, null=True, editable=False)
    form_token = models.CharField(max_length=64, unique=True, null=True, editable=False)

    accepted_at = models.DateTimeField(
        null=True, editable=False, help_text=_("When a host let this guest see the street address or phone number.")
    )
    notified_starts_at = models.DateTimeField(
        null=True, editable=False, help_text=_("The start they were last told, for “was … is now”.")
    )
    notes_told_at = models.DateTimeField(null=True, editable=False)
    notified_sequence = models.PositiveIntegerField(default=0, editable=False)
    notified_fingerprint = models.CharField(max_length=64, blank=True, editable=False)
    reminded_at = models.DateTimeField(null=True, editable=False)
    link_sent_at = models.DateTimeField(null=True, editable=False)
    emptied_on = models.DateField(null=True, editable=False, help_text=_("When `needs` was cleared."))

    meeting_id: uuid.UUID
    member_id: int | None
    user_id: int | None
    get_state_display: Callable[[], str]
    get_contact_display: Callable[[], str]

    objects: ClassVar[RsvpQuerySet] = manager_of(RsvpQuerySet)

    class Meta:
        verbose_name = _("RSVP")
        verbose_name_plural = _("RSVPs")
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=IS_A_GUEST | IS_A_MEMBER | IS_A_REPRESENTATIVE, name="a_guest_a_member_or_a_representative"
            ),
            models.UniqueConstraint(fields=["meeting", "member"], name="a_member_comes_once"),
            models.UniqueConstraint(fields=["meeting", "user"], name="a_representative_comes_once"),
            models.UniqueConstraint(
                fields=["meeting", "email_index"],
                condition=Q(state__in=["going", "waiting"]),
                name="a_guest_comes_once",
            ),
        ]
        indexes = [
            models.Index(fields=["meeting", "state", "place_in_line"], name="rsvps_in_line"),
            models.Index(fields=["email_index"], name="rsvps_by_address", condition=Q(email_index__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"attendance {str(self.pk)[:8]}"

    @property
    def about(self) -> str:
        """How the outbox labels the emails to this person."""
        return self.member.about if self.member else f"guest {self.pk.hex}"

    @property
    def speaks(self) -> str:
        """The language of emails to this person."""
        return self.member.language if self.member else self.language

    @property
    def is_discreet(self) -> bool:
        """Emails to representatives are always discreet: no one asked them who else can open their inbox."""
        return bool(self.user_id) or (self.member.contact if self.member else self.contact) == Contact.DISCREET

    @property
    def address(self) -> str:
        """Where emails go; "" if they get none, as while a member has paused them."""
        if self.member:
            return self.member.email if self.member.gets_emails and not self.member.paused_at else ""
        return self.user.address if self.user else self.email


class OwnCalendar(models.Model):
    """The address where a member's calendar app reads their meetings, stored as a keyed hash. It can be revoked."""

    inventory = data_inventory.OWN_CALENDAR

    class Shows(models.TextChoices):
        GOING = "going", _("Meetings I’m going to")
        ALL = "all", _("All meetings I can go to")

    member = models.OneToOneField(Member, models.CASCADE, related_name="own_calendar")
    secret_hash = models.CharField(max_length=64, unique=True, editable=False)
    shows = models.CharField(max_length=10, choices=Shows)
    made_on = models.DateField(editable=False)

    member_id: int
    get_shows_display: Callable[[], str]

    class Meta:
        verbose_name = _("personal calendar")
        verbose_name_plural = _("personal calendars")
        default_permissions = ()

    def __str__(self) -> str:
        return f"calendar {self.pk}"
