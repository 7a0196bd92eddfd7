"""The outbox: the database is the queue, and each email is in exactly one visible state."""

import uuid
from collections.abc import Callable
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from s4jr.crypto.fields import EncryptedTextField
from s4jr.mail import data_inventory
from s4jr.mail.querysets import OutgoingEmailQuerySet, SendingPauseQuerySet, SuppressionQuerySet
from s4jr.managers import manager_of


class OutgoingEmail(models.Model):
    """One email to one address. Its words are emptied once it is sent; the row is deleted 30 days later."""

    inventory = data_inventory.EMAIL

    class State(models.TextChoices):
        PENDING = "pending", _("waiting to be sent")
        CLAIMED = "claimed", _("picked up for sending")
        COMMITTING = "committing", _("being sent")
        SENT = "sent", _("sent")
        FAILED = "failed", _("couldn’t be sent")
        UNKNOWN = "unknown", _("may or may not have arrived")
        CANCELED = "canceled", _("canceled before sending")
        BOUNCED = "bounced", _("bounced: the address doesn’t exist")
        RETURNED = "returned", _("came back: it couldn’t be delivered")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    to = EncryptedTextField(context="email.to", editable=False)
    subject = EncryptedTextField(context="email.subject", editable=False)
    body = EncryptedTextField(context="email.body", editable=False)
    in_reply_to = EncryptedTextField(
        context="email.in_reply_to",
        null=True,
        editable=False,
        help_text=_("The Message-ID of what an automatic answer replies to."),
    )
    to_index = models.CharField(max_length=64, editable=False)
    limit_index = models.CharField(
        max_length=64,
        null=True,
        editable=False,
        help_text=_("The same for every spelling of one inbox. Empty if emails are counted by the address itself."),
    )
    kind = models.CharField(max_length=30, editable=False)
    about = models.CharField(max_length=60, blank=True, editable=False, help_text=_("Whose email it is."))
    batch = models.CharField(
        max_length=60, blank=True, editable=False, help_text=_("Which announcement it belongs to.")
    )
    language = models.CharField(max_length=10, default="en", editable=False)
    dedupe_key = models.CharField(max_length=100, unique=True, editable=False)
    state = models.CharField(_("status"), max_length=12, choices=State, default=State.PENDING, editable=False)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0, editable=False)
    claim = models.UUIDField(null=True, editable=False)
    lease_until = models.DateTimeField(null=True, editable=False)
    next_attempt_at = models.DateTimeField(_("next attempt"), editable=False)
    last_error = models.CharField(_("last reply from the mail server"), max_length=120, blank=True, editable=False)
    created_at = models.DateTimeField(_("created"), editable=False)
    sent_at = models.DateTimeField(_("sent"), null=True, editable=False)
    bounced_at = models.DateTimeField(_("came back"), null=True, editable=False)
    not_after = models.DateTimeField(
        null=True, editable=False, help_text=_("If it couldn’t be sent by then, it is canceled as out of date.")
    )
    return_token_hash = models.CharField(
        max_length=64,
        null=True,
        unique=True,
        editable=False,
        help_text=_("A keyed hash of the random token in its return address, so that a bounce can be recognized."),
    )

    get_state_display: Callable[[], str]
    objects: ClassVar[OutgoingEmailQuerySet] = manager_of(OutgoingEmailQuerySet)

    class Meta:
        verbose_name = _("email")
        verbose_name_plural = _("emails")
        ordering = ["-created_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["claimed", "committing"], claim__isnull=False, lease_until__isnull=False)
                | (~Q(state__in=["claimed", "committing"]) & Q(lease_until__isnull=True)),
                name="a_lease_belongs_to_a_sender",
            ),
            models.CheckConstraint(
                # A bounced one keeps it if it had been sent, so that "It bounced" can be undone.
                condition=Q(state="bounced")
                | Q(state__in=["sent", "returned"], sent_at__isnull=False)
                | (~Q(state__in=["bounced", "sent", "returned"]) & Q(sent_at__isnull=True)),
                name="sent_means_when",
            ),
        ]
        indexes = [
            models.Index(fields=["next_attempt_at"], name="emails_due", condition=Q(state="pending")),
            models.Index(
                fields=["lease_until"], name="emails_by_lease", condition=Q(state__in=["claimed", "committing"])
            ),
            models.Index(
                fields=["state"], name="emails_failed_or_in_doubt", condition=Q(state__in=["failed", "unknown"])
            ),
            models.Index(fields=["to_index", "kind", "created_at"], name="emails_by_address"),
            models.Index(
                fields=["limit_index", "kind", "created_at"],
                name="emails_by_mailbox",
                condition=Q(limit_index__isnull=False),
            ),
            models.Index(fields=["kind", "created_at"], name="emails_by_kind"),
            models.Index(fields=["about"], name="emails_by_record"),
            models.Index(fields=["batch", "state"], name="emails_by_batch", condition=~Q(batch="")),
            models.Index(fields=["claim"], name="emails_by_claim", condition=Q(claim__isnull=False)),
            models.Index(fields=["created_at"], name="emails_newest_first"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {str(self.pk)[:8]}"


class Suppression(models.Model):
    """An address without emails. Written only by someone who proved the inbox, a hard bounce, or a coordinator."""

    inventory = data_inventory.SUPPRESSION

    class Reason(models.TextChoices):
        UNSUBSCRIBED = "unsubscribed", _("asked us to stop")
        NEVER = "never", _("asked us never to email")
        BOUNCED = "bounced", _("the address doesn’t exist")
        COORDINATOR = "coordinator", _("stopped by a coordinator")

    #: What a recipient can choose by a link in an email.
    BY_A_LINK = (Reason.UNSUBSCRIBED, Reason.NEVER)

    class Scope(models.TextChoices):
        EVERY_EMAIL = "every_email", _("all emails")
        ANNOUNCEMENTS = "announcements", _("announcements")

    to_index = models.CharField(max_length=64, editable=False)
    scope = models.CharField(_("which emails"), max_length=16, choices=Scope, default=Scope.EVERY_EMAIL)
    reason = models.CharField(max_length=20, choices=Reason)
    get_reason_display: Callable[[], str]
    created_on = models.DateField()

    objects: ClassVar[SuppressionQuerySet] = manager_of(SuppressionQuerySet)

    class Meta:
        verbose_name = _("do-not-email entry")
        verbose_name_plural = _("do-not-email entries")
        constraints = [
            models.UniqueConstraint(fields=["to_index", "scope"], name="one_stop_for_each_kind"),
        ]

    def __str__(self) -> str:
        return f"{self.get_reason_display()}, {date_format(self.created_on)}"


class SendingPause(models.Model):
    """Why no email is sent right now, or why none was sent the last time. At most one row; see `pause_services`.

    Without `next_try_at` and `ended_at` it is only a suspicion: one email was refused, and `first_email` is which.
    """

    inventory = data_inventory.SENDING_PAUSE

    class Cause(models.TextChoices):
        UNREACHABLE = "unreachable", _("The mail server can’t be reached, or asks us to wait.")
        CERTIFICATE = "certificate", _("The connection to the mail server can’t be encrypted.")
        SIGN_IN = "sign-in", _("The mail server doesn’t accept our user name or password.")
        REFUSED = "refused", _("The mail server accepts no connection from our server.")
        SENDER = "sender", _("The mail server doesn’t accept the address that our emails come from.")
        RELAY = "relay", _("The mail server won’t pass on emails from us to other places.")
        SENDER_POLICY = "sender-policy", _("Our domain doesn’t prove that our emails are from us.")
        QUOTA = "quota", _("We have sent as many emails as our provider allows for now.")
        POLICY = "policy", _("The mail server refused emails to several people and didn’t say why.")
        FOLDER = "folder", _("The folder for emails can’t be written to.")

    id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)
    cause = models.CharField(max_length=20, choices=Cause, editable=False)
    reply = models.CharField(max_length=120, editable=False)
    began_at = models.DateTimeField(editable=False)
    tries = models.PositiveSmallIntegerField(default=0, editable=False)
    next_try_at = models.DateTimeField(null=True, editable=False)
    ended_at = models.DateTimeField(null=True, editable=False)
    first_email = models.UUIDField(null=True, editable=False)

    get_cause_display: Callable[[], str]
    objects: ClassVar[SendingPauseQuerySet] = manager_of(SendingPauseQuerySet)

    class Meta:
        verbose_name = _("pause in sending")
        verbose_name_plural = _("pauses in sending")
        default_permissions = ()
        constraints = [
            models.CheckConstraint(condition=Q(id=1), name="at_most_one_pause"),
            models.CheckConstraint(
                condition=Q(next_try_at__isnull=True) | Q(ended_at__isnull=True),
                name="ended_pause_tries_nothing",
            ),
        ]

    def __str__(self) -> str:
        return self.cause


class Heartbeat(models.Model):
    """When a scheduled task last ran."""

    inventory = data_inventory.HEARTBEAT

    name = models.CharField(max_length=60, primary_key=True)
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("heartbeat")
        verbose_name_plural = _("heartbeats")

    def __str__(self) -> str:
        return self.name
