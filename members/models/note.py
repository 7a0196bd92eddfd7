"""Notes that admins write about a person."""

from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from members import data_inventory
from members.models.member import Member
from members.notes.querysets import MemberNoteQuerySet
from s4jr.crypto.fields import EncryptedTextField
from s4jr.managers import manager_of

if TYPE_CHECKING:
    from s4jr.accounts.models import User


class MemberNote(models.Model):
    """What an admin noted about a member. Shown on the opened record, and in the member's own download."""

    inventory = data_inventory.NOTE

    opened_with = "member"  # see s4jr/crypto/decryption_guard.py

    member = models.ForeignKey(Member, models.CASCADE, related_name="notes")
    note = EncryptedTextField(_("note"), context="member_note.note", editable=False)
    by: "models.ForeignKey[User | None]" = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="+"
    )
    at = models.DateTimeField(editable=False)
    form_token = models.CharField(max_length=64, unique=True, null=True, editable=False)

    member_id: int
    by_id: int | None

    objects: ClassVar[MemberNoteQuerySet] = manager_of(MemberNoteQuerySet)

    class Meta:
        default_permissions = ()
        verbose_name = _("note")
        verbose_name_plural = _("notes")

    def __str__(self) -> str:
        return f"note {self.pk}"
