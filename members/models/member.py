"""People who asked to join."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from chapters.models import Chapter
from chapters.regions import place_name
from members import data_inventory
from members.applications.submission import CORRECTIONS_AT_MOST
from members.querysets import MemberQuerySet
from s4jr.crypto.fields import EncryptedTextField


class Member(models.Model):
    """One person who asked to join. What tells who they are is encrypted; nothing else is asked."""

    inventory = data_inventory.MEMBER

    class Status(models.TextChoices):
        UNCONFIRMED = "unconfirmed", _("asked to join, address not confirmed")
        DUPLICATE_ADDRESS = "duplicate_address", _("confirmed, at an address that is in use")
        WAITING = "waiting", _("being read")
        ON_HOLD = "on_hold", _("being read, kept for later")
        DECLINING = "declining", _("not now, can still be stopped")
        DECLINED = "declined", _("not now")
        LAPSED = "lapsed", _("not answered in time")
        APPROVED = "approved", _("welcomed")
        ENDING_MEMBERSHIP = "ending_membership", _("stepping back, can still be stopped")
        MEMBERSHIP_ENDED = "membership_ended", _("stepped back")
        LEFT = "left", _("left")
        CLOSED = "closed", _("closed without a letter")

    class Contact(models.TextChoices):
        YES = "yes", _("Yes, e-mail is safe.")
        DISCREET = "discreet", _("Yes, but somebody may see my mailbox: please be discreet.")
        NONE = "none", _("No. Please never e-mail me.")

    class Relation(models.TextChoices):
        SURVIVOR = "survivor", _("A survivor")
        ALLY = "ally", _("An ally")
        BOTH = "both", _("Both")
        NOT_SAID = "not_said", _("I would rather not say")

    class FlagReason(models.TextChoices):
        HONEYPOT = "honeypot", _("a hidden field was filled in")
        TOO_FAST = "too_fast", _("sent within three seconds")
        NO_TOKEN = "no_token", _("the form's own mark was missing")
        TOO_MANY = "too_many", _("very many applications within an hour")

    #: Asked with an address and not proved yet. Any number of these may have one address: anybody can type it.
    UNPROVED = [Status.UNCONFIRMED]
    UNDECIDED = [Status.WAITING, Status.ON_HOLD]
    IN_GRACE_PERIOD = [Status.DECLINING, Status.ENDING_MEMBERSHIP]
    #: All that a status code shows as "confirmed, waiting". No one who holds a code can tell these apart.
    READS_AS_WAITING = [*UNDECIDED, Status.DECLINING, Status.DUPLICATE_ADDRESS]
    #: Whoever is one of these has the only row with their address.
    LIVE = [*UNDECIDED, *IN_GRACE_PERIOD, Status.APPROVED]

    #: No longer with us, and their address is still kept: whoever has lapsed has none.
    GONE = [Status.DECLINED, Status.MEMBERSHIP_ENDED, Status.CLOSED, Status.LEFT]
    #: Confirmed by whoever reads the inbox, and the one that counts there: what these chose, its owner chose.
    PROVED = [*LIVE, *GONE]

    number = models.CharField(_("number"), max_length=12, unique=True, editable=False)
    status = models.CharField(_("status"), max_length=20, choices=Status, editable=False)
    decision = models.UUIDField(null=True, editable=False, help_text=_("The stamp by which a press finds its winners."))
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="+"
    )
    decided_at = models.DateTimeField(_("decided"), null=True, editable=False)
    declining_until = models.DateTimeField(null=True, editable=False, help_text=_("The end of the cooling hour."))
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="+"
    )
    asked_to_leave_at = models.DateTimeField(
        null=True, editable=False, help_text=_("Stays when they leave: who comes back after it is not approved again.")
    )
    next_step_on = models.DateField(
        _("next step promised for"), null=True, editable=False,
        help_text=_("Promised to whoever was asked to leave; on a list until somebody says that it took place."),
    )  # fmt: skip
    same_as = models.ForeignKey("self", models.SET_NULL, null=True, editable=False, related_name="+")
    paused_at = models.DateTimeField(null=True, editable=False)
    left_on = models.DateField(null=True, editable=False)
    emptied_on = models.DateField(null=True, editable=False, help_text=_("When their words were emptied, by age."))

    name = EncryptedTextField(_("name to use"), context="member.name")
    email = EncryptedTextField(_("e-mail address"), context="member.email", blank=True, default="")
    email_index = models.CharField(max_length=64, null=True, editable=False)
    limit_index = models.CharField(
        max_length=64, null=True, editable=False,
        help_text=_("Shared by the spellings of one inbox; empty where emails are counted by the address itself."),
    )  # fmt: skip
    contact = models.CharField(_("safe to e-mail"), max_length=10, choices=Contact)
    pronouns = EncryptedTextField(_("pronouns"), context="member.pronouns", blank=True, default="")
    relation = EncryptedTextField(_("relation"), context="member.relation", blank=True, default="")
    ways_to_help = EncryptedTextField(_("ways to help"), context="member.ways_to_help", blank=True, default="")
    access_needs = EncryptedTextField(_("access needs"), context="member.access_needs", blank=True, default="")
    message = EncryptedTextField(_("message"), context="member.message", blank=True, default="")
    reason = EncryptedTextField(_("reason of a decision"), context="member.reason", blank=True, default="")
    parting_email = EncryptedTextField(
        _("letter to go with it"), context="member.parting_email", blank=True, default=""
    )

    new_email = EncryptedTextField(_("address to come"), context="member.new_email", blank=True, default="")
    new_email_index = models.CharField(max_length=64, null=True, editable=False)
    word_hash = models.CharField(max_length=128, blank=True, editable=False)
    #: One visit has shown the secret word and the inbox of the present address.
    word_proves_inbox = models.BooleanField(default=False, db_default=False, editable=False)

    country = models.CharField(_("country"), max_length=2, blank=True)
    region = models.CharField(_("state or province"), max_length=6, blank=True)
    chapter = models.ForeignKey(Chapter, models.SET_NULL, null=True, blank=True, related_name="+")
    language = models.CharField(_("language"), max_length=10, default="en")
    newsletter = models.BooleanField(_("wants news"), default=False)
    received_on = models.DateField(_("received"), editable=False)
    agreement_version = models.CharField(_("agreement"), max_length=20, editable=False)
    agreed_at = models.DateTimeField(_("agreed"), editable=False)

    code_hash = models.CharField(max_length=64, unique=True, null=True, editable=False)
    form_token = models.CharField(max_length=64, unique=True, editable=False)
    times_corrected = models.PositiveSmallIntegerField(default=0, editable=False)
    version = models.PositiveIntegerField(
        default=1, db_default=1, editable=False, help_text=_("Raised by each change to the answers.")
    )
    declined_version = models.PositiveIntegerField(null=True, editable=False, help_text=_("What “not now” was about."))
    flag_reason = models.CharField(_("flagged"), max_length=20, choices=FlagReason, blank=True, editable=False)
    reminded_days = models.PositiveSmallIntegerField(default=0, editable=False)
    confirm_until = models.DateTimeField(null=True, editable=False, help_text=_("Runs from the letter."))
    list_due_at = models.DateTimeField(
        null=True, editable=False, help_text=_("When the list of applications at its address names this one.")
    )
    browser_mark = models.CharField(
        max_length=64, blank=True, default="", db_default="", editable=False,
        help_text=_("The first form that the same browser sent. Emptied once the address is confirmed."),
    )  # fmt: skip

    objects = MemberQuerySet.as_manager()

    class Meta:
        verbose_name = _("member")
        verbose_name_plural = _("members")
        default_permissions = ["view", "change"]
        permissions = [
            ("export_member", "Can export members"),
            ("import_member", "Can import members"),
            ("decide_many", "Can decide about many members in one press"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["email_index"],
                condition=Q(status__in=["waiting", "on_hold", "declining", "ending_membership", "approved"]),
                name="one_live_row_an_address",
            ),
            models.CheckConstraint(
                condition=~Q(contact="none") | Q(email_index__isnull=True), name="no_address_where_no_emails"
            ),
            models.CheckConstraint(
                condition=~Q(status="unconfirmed") | Q(email_index__isnull=False),
                name="only_an_address_is_confirmed",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["declining", "ending_membership"], declining_until__isnull=False)
                | (~Q(status__in=["declining", "ending_membership"]) & Q(declining_until__isnull=True)),
                name="grace_period_has_an_end",
            ),
            models.CheckConstraint(
                condition=~Q(
                    status__in=["approved", "declining", "declined", "ending_membership", "membership_ended", "closed"]
                )
                | Q(decided_at__isnull=False),
                name="a_decision_has_a_day",
            ),
            models.CheckConstraint(
                condition=Q(status="left", left_on__isnull=False) | (~Q(status="left") & Q(left_on__isnull=True)),
                name="left_means_a_day",
            ),
        ]
        indexes = [
            models.Index(fields=["status", "received_on", "id"], name="members_oldest_first"),
            models.Index(fields=["email_index"], name="members_by_address"),
            models.Index(fields=["decision"], name="winners_of_a_press", condition=Q(decision__isnull=False)),
            models.Index(fields=["declining_until"], name="cooling_by_end", condition=Q(declining_until__isnull=False)),
            models.Index(fields=["list_due_at"], name="confirmation_lists_due", condition=Q(list_due_at__isnull=False)),
            models.Index(fields=["left_on"], name="members_who_left", condition=Q(left_on__isnull=False)),
            models.Index(fields=["decided_at"], name="members_decided_lately", condition=Q(decided_at__isnull=False)),
            models.Index(fields=["flag_reason"], name="flag_reason_somebody_to_look", condition=~Q(flag_reason="")),
            models.Index(
                fields=["decided_at"],
                name="words_still_to_be_emptied",
                condition=Q(emptied_on__isnull=True, decided_at__isnull=False),
            ),
            models.Index(
                fields=["new_email_index"],
                name="members_by_address_to_come",
                condition=Q(new_email_index__isnull=False),
            ),
            models.Index(fields=["email_index", "status"], name="discreet_by_address", condition=Q(contact="discreet")),
            models.Index(
                fields=["limit_index", "contact", "status"],
                name="members_by_limit",
                condition=Q(limit_index__isnull=False),
            ),
        ]

    def __str__(self):
        return f"No. {self.number}"

    @property
    def log_id(self):
        """What the access log and emails know this member by; it stays when the row is gone."""
        return self.number

    @property
    def about(self):
        """How the outbox names this member's emails."""
        return f"member {self.number}"

    @property
    def place(self):
        return place_name(self.country, self.region)

    @property
    def gets_emails(self):
        return self.contact != self.Contact.NONE and bool(self.email_index)

    @property
    def can_be_corrected(self):
        """True while the form that made this row may still change it: nobody has confirmed or decided anything."""
        unproved = self.status in self.UNPROVED or (self.status in self.UNDECIDED and not self.email)
        return unproved and self.times_corrected < CORRECTIONS_AT_MOST

    @property
    def is_undecided(self):
        return self.status in self.UNDECIDED

    @property
    def was_amended_after_not_now(self):
        """Whether a "not now" was undone because the application changed within its hour."""
        return self.is_undecided and self.declined_version is not None

    @property
    def language_name(self):
        return dict(settings.LANGUAGES).get(self.language, self.language)

    @property
    def is_discreet(self):
        return self.contact == self.Contact.DISCREET

    def approve(self, by):
        return self._one().approve(by=by)

    def keep_waiting(self, by):
        return self._one().keep_waiting(by=by)

    def close(self, by, reason=""):
        return self._one().close(by=by, reason=reason)

    def close_as_same_as(self, kept, by, reason):
        return self._one().close_as_same_as(kept, by=by, reason=reason)

    def reopen(self, by):
        return self._row().reopen(by=by)

    def decline(self, by, reason="", parting_email=""):
        return self._one().decline(by=by, reason=reason, parting_email=parting_email)

    def end_membership(self, by, reason, parting_email, next_step_on=None):
        return self._one().end_membership(by=by, reason=reason, parting_email=parting_email, next_step_on=next_step_on)

    def note_next_step(self, by):
        return self._row().note_next_step(by=by)

    def stop(self, by):
        return self._row().stop(by=by)

    def unflag(self, by):
        return self._one().unflag(by=by)

    def withdraw(self):
        return self._row().withdraw()

    def _one(self):
        """The row, while it is the version that was read here: nobody decides about another one."""
        return self._row().filter(version=self.version)

    def _row(self):
        return Member.objects.filter(pk=self.pk)
