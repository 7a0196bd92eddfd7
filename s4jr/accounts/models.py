"""Admins and representatives, their invitations and their sessions. Members never sign in."""

from typing import ClassVar

from django.conf import settings
from django.contrib.auth.models import AbstractUser, Permission
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from s4jr.accounts import data_inventory
from s4jr.accounts.querysets import InvitationQuerySet
from s4jr.accounts.sessions import SessionStore
from s4jr.crypto.fields import EncryptedTextField, readable
from s4jr.managers import manager_of


class User(AbstractUser):
    """An admin or a representative. Members never sign in: a saved password is a trace."""

    inventory = data_inventory.USER

    first_name = None
    last_name = None
    address = EncryptedTextField(_("email address"), context="user.address", blank=True, default="")
    new_address = EncryptedTextField(_("new address"), context="user.new_address", null=True, editable=False)
    display_name = EncryptedTextField(
        _("display name"),
        context="user.display_name",
        blank=True,
        default="",
        help_text=_(
            "The name others know you by. People who write about safety or conduct see it, so they can "
            "say who shouldn’t read their message. Without it, you can’t read messages of that kind."
        ),
    )

    REQUIRED_FIELDS = []

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")
        constraints = [
            # The address is in the encrypted field; Django's own column would keep it in clear.
            models.CheckConstraint(condition=Q(email=""), name="user_email_stays_empty"),
            models.UniqueConstraint(
                Lower("username"),
                name="one_username_whatever_its_case",
                violation_error_message=_("Someone already signs in with this name. Choose another one."),
            ),
        ]

    def __str__(self) -> str:
        return self.username

    def get_full_name(self) -> str:
        return self.username

    def get_short_name(self) -> str:
        return self.username

    @property
    def shown_name(self) -> str:
        """Their display name; without one that can be read, their username."""
        return readable(self, "display_name") or self.username

    def may_do_more_than(self, other: "User") -> bool:
        """Whether this user has a right that `other` lacks, or would have one once active."""
        if self.is_superuser or other.is_superuser:
            return not other.is_superuser
        theirs, held = (Permission.objects.filter(Q(group__user=user) | Q(user=user)) for user in (self, other))
        return theirs.exclude(pk__in=held.values("pk")).exists()


class Invitation(models.Model):
    """A one-time link that lets a new user set up a sign-in, or an existing one recover theirs."""

    inventory = data_inventory.INVITATION

    class Purpose(models.TextChoices):
        JOIN_STAFF = "join_staff", _("new user")
        RECOVER_SIGN_IN = "recover_sign_in", _("sign-in recovery")

    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    purpose = models.CharField(max_length=20, choices=Purpose)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="invitations")
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    canceled_at = models.DateTimeField(null=True)

    objects: ClassVar[InvitationQuerySet] = manager_of(InvitationQuerySet)

    class Meta:
        default_permissions = ()
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        constraints = [
            models.CheckConstraint(
                condition=Q(used_at=None) | Q(canceled_at=None), name="invitation_used_or_canceled_not_both"
            ),
        ]

    def __str__(self) -> str:
        return f"invitation {self.pk}"


class Session(AbstractBaseSession):
    """A session and its owner: `s4jr.accounts.sessions` fills in both columns on every save."""

    inventory = data_inventory.SESSION

    user_pk = models.BigIntegerField(null=True, db_index=True, editable=False)
    member_pk = models.BigIntegerField(null=True, db_index=True, editable=False)

    class Meta(AbstractBaseSession.Meta):
        default_permissions = ()

    @classmethod
    def get_session_store_class(cls) -> type[SessionStore]:
        return SessionStore
