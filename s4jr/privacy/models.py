"""Who signs in, what they did, and what is left of those who went."""

import uuid

from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models, transaction
from django.db.models import Q
from django.db.models.functions import Lower, Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from s4jr.privacy import what_we_keep
from s4jr.privacy.access_log import AccessLogQuerySet
from s4jr.privacy.invitations import InvitationQuerySet
from s4jr.privacy.sealed import SealedTextField


class User(AbstractUser):
    """An admin or a representative. Members never sign in: a saved password is a trace."""

    data_dictionary = what_we_keep.USER

    first_name = None
    last_name = None
    address = SealedTextField(_("e-mail address"), context="user.address", blank=True, default="")
    new_address = SealedTextField(_("address to come"), context="user.new_address", null=True, editable=False)
    known_as = SealedTextField(
        _("known as"),
        context="user.known_as",
        blank=True,
        default="",
        help_text=_(
            "The name others know you by. It is shown to whoever writes about safety or conduct, so that they can say "
            "who should not read it; without it you read nothing of that kind."
        ),
    )

    REQUIRED_FIELDS = []

    class Meta:
        verbose_name = _("person who signs in")
        verbose_name_plural = _("people who sign in")
        constraints = [
            # The address is in the sealed field; Django's own column would keep it in clear.
            models.CheckConstraint(condition=Q(email=""), name="user_email_stays_empty"),
            models.UniqueConstraint(
                Lower("username"),
                name="one_username_whatever_its_case",
                violation_error_message=_("Somebody already signs in with this name."),
            ),
        ]

    def __str__(self):
        return self.username

    def get_full_name(self):
        return self.username

    def get_short_name(self):
        return self.username


class Invitation(models.Model):
    """A one-time link with which somebody becomes a person who signs in, or mends a lost sign-in."""

    data_dictionary = what_we_keep.INVITATION

    class Purpose(models.TextChoices):
        JOIN_STAFF = "join_staff", _("become a person who signs in")
        MEND_SIGN_IN = "mend_sign_in", _("mend a lost sign-in")

    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    purpose = models.CharField(max_length=20, choices=Purpose)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="invitations")
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")

    def __str__(self):
        return f"invitation {self.pk}"

    def take(self):
        """Use the link up; False when it was used in the meantime."""
        return bool(Invitation.objects.filter(pk=self.pk, used_at=None).update(used_at=timezone.now()))

    @transaction.atomic
    def use(self, password):
        """Give the invited person this password, once; False when the link was used in the meantime."""
        won = self.take()
        if won:
            self.user.set_password(password)
            self.user.save(update_fields=["password"])
        return won


class Tombstone(models.Model):
    """The number of a member who is gone and the day: enough to erase them again after a restore, and no more."""

    data_dictionary = what_we_keep.TOMBSTONE

    number = models.CharField(max_length=12, unique=True)
    erased_on = models.DateField()

    class Meta:
        default_permissions = ()
        verbose_name = _("tombstone")
        verbose_name_plural = _("tombstones")

    def __str__(self):
        return f"No. {self.number}"


class AccessLog(models.Model):
    """Who looked at or changed which record: field names and a reason, never values."""

    data_dictionary = what_we_keep.ACCESS_LOG

    class Action(models.TextChoices):
        OPENED = "opened", _("opened")
        CHANGED = "changed", _("changed")
        DECIDED = "decided", _("decided")
        ERASED = "erased", _("erased")
        EXPORTED = "exported", _("exported")
        SENT = "sent", _("sent")
        SEARCHED = "searched", _("searched")
        UNDONE = "undone", _("undone")

    class Budget(models.TextChoices):
        """Which budget of openings a row was counted against: see `s4jr.privacy.audit`."""

        LISTS = "lists", _("opened from a list, a search or an address")
        QUEUE = "queue", _("handed out by the review queue")

    uuid = models.UUIDField(default=uuid.uuid4, editable=False)
    at = models.DateTimeField()
    who = models.CharField(max_length=150, help_text=_("The name they sign in with, as it was then."))
    user_id = models.BigIntegerField(
        null=True, help_text=_("The number of their sign-in, which no renaming changes. It stays when they are gone.")
    )
    action = models.CharField(max_length=20, choices=Action)
    object_kind = models.CharField(max_length=60)
    object_id = models.CharField(max_length=40)
    field_names = models.CharField(max_length=400, blank=True)
    budget = models.CharField(max_length=10, choices=Budget, blank=True, default="", db_default="")
    reason = SealedTextField(context="accesslog.reason", blank=True, default="")
    hmac = models.CharField(max_length=64)

    objects = AccessLogQuerySet.as_manager()

    class Meta:
        default_permissions = ("view",)
        verbose_name = _("entry of the access log")
        verbose_name_plural = _("access log")
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["object_kind", "object_id"], name="access_to_this_record"),
            models.Index(fields=["user_id", "at"], name="access_by_this_user"),
            models.Index(fields=["at"], name="access_on_a_day"),
        ]

    def __str__(self):
        return f"{self.who} {self.action} {self.object_kind} {self.object_id}"


class AccessLogCheckpoint(models.Model):
    """One day of the access log, sealed: first and last number, count, and an HMAC over its rows and the day before."""

    data_dictionary = what_we_keep.CHECKPOINT

    day = models.DateField(unique=True)
    first = models.BigIntegerField()
    last = models.BigIntegerField()
    count = models.PositiveIntegerField()
    hmac = models.CharField(max_length=64)
    dropped_hmac = models.CharField(
        max_length=64, blank=True, help_text=_("Written when the rows of this day were dropped on purpose, by age.")
    )

    class Meta:
        default_permissions = ("view",)
        verbose_name = _("sealed day of the access log")
        verbose_name_plural = _("sealed days of the access log")

    def __str__(self):
        return self.day.isoformat()


class RateLimit(models.Model):
    """How often something was done under one key in one window. Keys are keyed hashes: no address, no IP."""

    data_dictionary = what_we_keep.RATE_LIMIT

    name = models.CharField(max_length=40)
    key = models.CharField(max_length=64)
    period = models.BigIntegerField(help_text=_("How many whole periods of this limit have passed since 1970."))
    count = models.PositiveIntegerField(default=0)
    expires_at = models.DateTimeField(db_default=Now(), help_text=_("When its window is over and the row may go."))

    class Meta:
        default_permissions = ()
        verbose_name = _("limit")
        verbose_name_plural = _("limits")
        constraints = [models.UniqueConstraint(fields=["name", "key", "period"], name="one_count_a_period")]
        indexes = [models.Index(fields=["expires_at"], name="limits_that_are_over")]

    def __str__(self):
        return self.name


class Session(AbstractBaseSession):
    """A session, and whose it is: `s4jr.privacy.sessions` fills both columns in whenever it is saved."""

    data_dictionary = what_we_keep.SESSION

    user_pk = models.BigIntegerField(null=True, db_index=True, editable=False)
    member_pk = models.BigIntegerField(null=True, db_index=True, editable=False)

    class Meta(AbstractBaseSession.Meta):
        default_permissions = ()

    @classmethod
    def get_session_store_class(cls):
        from s4jr.privacy.sessions import SessionStore

        return SessionStore
