"""People who offer to represent a place or a chapter, or to start a chapter."""

from collections.abc import Callable
from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from chapters import data_inventory
from chapters.models.chapter import Chapter
from chapters.volunteer_offers.querysets import VolunteerOfferQuerySet
from s4jr.conversations.models import HAS_AN_ADDRESS_OR_NONE, Submitted
from s4jr.crypto.fields import EncryptedTextField
from s4jr.managers import manager_of

if TYPE_CHECKING:
    from s4jr.accounts.models import User


class VolunteerOffer(Submitted):
    """An offer to represent a place or a chapter, or a request to start a chapter."""

    outbox_name = "offer"
    inventory = data_inventory.OFFER

    class Kind(models.TextChoices):
        REPRESENT = "represent", _("represent a place or a chapter")
        START_CHAPTER = "start_chapter", _("start a chapter")

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting for review")
        TAKEN_UP = "taken_up", _("accepted")
        NOT_NOW = "not_now", _("not now")

    chapter_id: int | None
    get_flag_reason_display: Callable[[], str]

    kind = models.CharField(_("type"), max_length=13, choices=Kind.choices, editable=False)
    state = models.CharField(_("status"), max_length=10, choices=State.choices, default=State.WAITING, editable=False)
    country = models.CharField(_("country"), max_length=2, blank=True)
    region = models.CharField(_("state or province"), max_length=6, blank=True)
    chapter = models.ForeignKey(
        Chapter, models.SET_NULL, null=True, blank=True, related_name="offers",
        help_text=_("The chapter they would represent, or the one opened after their request."),
    )  # fmt: skip
    chapter_name = models.CharField(_("chapter name"), max_length=80, blank=True)
    area = models.CharField(_("area"), max_length=120, blank=True)
    languages = models.CharField(_("languages"), max_length=80, blank=True)
    rhythm = models.CharField(_("how often it meets"), max_length=120, blank=True)
    words = EncryptedTextField(_("text"), context="offer.words", blank=True, default="", editable=False)
    name = EncryptedTextField(_("name to use"), context="offer.name", blank=True, default="", editable=False)
    email = EncryptedTextField(_("email address"), context="offer.email", blank=True, default="", editable=False)
    member_number = models.CharField(
        max_length=12,
        blank=True,
        editable=False,
        help_text=_("Number of the member who checked it on the page “Your information.”"),
    )
    decided_on = models.DateField(_("decided"), null=True, editable=False)
    decided_by: "models.ForeignKey[User | None]" = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="+"
    )

    talked_on = models.DateField(
        _("talked with"),
        null=True,
        editable=False,
        help_text=_("Once accepted, it stays on a list until someone has talked with the person."),
    )
    version = models.PositiveIntegerField(
        default=1, db_default=1, editable=False, help_text=_("Goes up with each change to the offer.")
    )

    objects: ClassVar[VolunteerOfferQuerySet] = manager_of(VolunteerOfferQuerySet)

    class Meta:
        verbose_name = _("volunteer offer")
        verbose_name_plural = _("volunteer offers")
        default_permissions = ["view", "change"]
        constraints = [
            models.CheckConstraint(condition=HAS_AN_ADDRESS_OR_NONE, name="an_offer_has_an_address_or_none"),
            models.CheckConstraint(
                condition=Q(state="waiting", decided_on=None) | (~Q(state="waiting") & Q(decided_on__isnull=False)),
                name="a_decided_offer_says_when",
            ),
        ]
        indexes = [
            models.Index(fields=["state", "kind", "received_on"], name="offers_oldest_first"),
            models.Index(fields=["decided_on"], name="offers_by_decision"),
            models.Index(fields=["member_number"], name="offers_by_member", condition=~Q(member_number="")),
        ]

    def __str__(self) -> str:
        return gettext("Offer No. %(number)s") % {"number": self.number}
