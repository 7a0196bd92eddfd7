"""The secret address of a member's own calendar: made and revoked in their details, kept as a keyed hash."""

import secrets

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone

from members.applications.status_code import WELCOMED
from s4jr.crypto.blind_index import keyed_hash

SECRET_BYTES = 24


def secret_hash(secret):
    """What is kept of the secret: 64 hex digits under INDEX_KEY."""
    return keyed_hash("own-calendar", secret)


def address_of(secret):
    """Where an app reads it. On the host of emails: apps show the host, and somebody may look at them."""
    return settings.EMAIL_LINK_URL + reverse("own_calendar", args=[secret])


def new_secret() -> str:
    """A fresh secret. Only its hash is kept, and for ten minutes the session of who made it has it encrypted."""
    return secrets.token_urlsafe(SECRET_BYTES)


class OwnCalendarQuerySet(models.QuerySet):
    def make(self, member, shows):
        """A fresh secret for a member; the one before stops working. Returns it: nothing keeps it."""
        secret = new_secret()
        self.hold(member.pk, secret_hash(secret), shows)
        return secret

    def hold(self, member_pk, hashed, shows):
        """This hash of a secret is the member's from now on."""
        said = {"secret_hash": hashed, "shows": shows, "made_on": timezone.now().date()}
        self.update_or_create(member_id=member_pk, defaults=said)

    def with_secret(self, secret):
        """The calendar at this address, or None: it was revoked, or whose it was is no member any more.

        Also one that an email link alone has made, beside the earlier one: the row then is that `CredentialChange`.
        """
        changes = self.model._meta.get_field("member").related_model._meta.get_field("credential_changes").related_model
        kept = self.filter(secret_hash=secret_hash(secret))
        made_by_link = changes.objects.filter(kind="calendar", value_hash=secret_hash(secret))
        return _opened(kept) or _opened(made_by_link)


def _opened(found):
    """The first of these with whatever a feed needs of its member, where that is one."""
    found = found.select_related("member").filter(member__status__in=WELCOMED)
    return found.only("shows", "member__contact", "member__region", "member__country", "member__chapter").first()
