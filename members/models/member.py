"""Members, and people who applied to join."""

from collections.abc import Callable
from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from chapters.models import Chapter
from chapters.regions import place_name
from members import data_inventory
from members.models import choices
from members.models.choices import DeclineReason, Relation, Status
from members.models.list_indexes import LIST_INDEXES
from members.querysets import MemberQuerySet
from s4jr.conversations.choices import SPAM_REASONS, Contact, FlagReason
from s4jr.crypto.fields import EncryptedTextField
from s4jr.managers import manager_of

if TYPE_CHECKING:
    from members.models.rsvp import OwnCalendar
    from members.querysets import MemberLinkQuerySet
    from members.rsvps.querysets import RsvpQuerySet
    from members.self_service.querysets import CredentialChangeQuerySet, SharingQuerySet
    from members.skills.querysets import SkillQuerySet
    from s4jr.accounts.models import User


class Member(models.Model):
    """A person who applied to join. Whatever identifies them is encrypted, and nothing more is collected."""

    inventory = data_inventory.MEMBER
    number_prefix = ""

    Status = Status
    Relation = Relation
    DeclineReason = DeclineReason
    Contact = Contact
    FlagReason = FlagReason

    #: Applied with an address that is not confirmed yet. Many of these may share an address: anyone can type it.
    UNPROVED = [Status.UNCONFIRMED]
    UNDECIDED, IN_GRACE_PERIOD, LIVE = choices.UNDECIDED, choices.IN_GRACE_PERIOD, choices.LIVE
    #: Can be taken out of review for another application of the same inbox: nothing has been said to the person yet.
    REPLACEABLE = [*UNDECIDED, Status.APPROVING]
    #: What a status code shows as "confirmed, waiting". Someone who has a code cannot tell these apart.
    READS_AS_WAITING = [*UNDECIDED, Status.APPROVING, Status.DECLINING, Status.DUPLICATE_ADDRESS]
    #: No longer active, but with an address on file: a lapsed application has none.
    GONE = [Status.DECLINED, Status.MEMBERSHIP_ENDED, Status.CLOSED, Status.LEFT]
    #: Confirmed by the owner of the inbox, and the one row that speaks for it: its choices are the owner's.
    PROVED = [*LIVE, *GONE]

    #: The answers of an application. A change to any of them makes a new version.
    ANSWERS = (
        "name", "contact", "email", "pronouns", "relation", "ways_to_help", "access_needs", "message", "country",
        "region", "chapter", "newsletter", "language",
    )  # fmt: skip
    CORRECTIONS_AT_MOST = 3

    number = models.CharField(_("number"), max_length=12, unique=True, editable=False)
    status = models.CharField(_("status"), max_length=20, choices=Status, editable=False)
    decision = models.UUIDField(
        null=True, editable=False, help_text=_("Marks one decision, so that we know which members it changed.")
    )
    decided_by: "models.ForeignKey[User | None]" = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="+"
    )
    decided_at = models.DateTimeField(_("decided"), null=True, editable=False)
    effective_at = models.DateTimeField(
        null=True, editable=False, help_text=_("When a decision that can still be undone takes effect.")
    )
    proposed_by: "models.ForeignKey[User | None]" = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="+"
    )
    handed_to: "models.ForeignKey[User | None]" = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="+",
        help_text=_("The admin who has this application open in a review session."),
    )  # fmt: skip
    handed_at = models.DateTimeField(null=True, editable=False)
    asked_to_leave_at = models.DateTimeField(
        null=True,
        editable=False,
        help_text=_("Kept if they leave. If they then come back, a volunteer reviews them again."),
    )
    next_step_on = models.DateField(
        _("promised date of the next step"), null=True, editable=False,
        help_text=_("We promised this date to someone asked to leave. It stays on a list until a volunteer marks "
"it as done."),
    )  # fmt: skip
    same_as: "models.ForeignKey[Member | None]" = models.ForeignKey(
        "self", models.SET_NULL, null=True, editable=False, related_name="+"
    )
    paused_at = models.DateTimeField(null=True, editable=False)
    left_on = models.DateField(null=True, editable=False)
    emptied_on = models.DateField(
        null=True, editable=False, help_text=_("When we deleted what they wrote because of its age.")
    )

    name = EncryptedTextField(_("name to use"), context="member.name")
    email = EncryptedTextField(_("email address"), context="member.email", blank=True, default="")
    email_index = models.CharField(max_length=64, null=True, editable=False)
    limit_index = models.CharField(
        max_length=64, null=True, editable=False,
        help_text=_("The same for every spelling of one inbox. Empty if emails are counted by the address itself."),
    )  # fmt: skip
    contact = models.CharField(_("safe to email"), max_length=10, choices=Contact)
    pronouns = EncryptedTextField(_("pronouns"), context="member.pronouns", blank=True, default="")
    relation = EncryptedTextField(_("survivor or ally"), context="member.relation", blank=True, default="")
    ways_to_help = EncryptedTextField(_("ways to help"), context="member.ways_to_help", blank=True, default="")
    access_needs = EncryptedTextField(_("access needs"), context="member.access_needs", blank=True, default="")
    message = EncryptedTextField(_("message"), context="member.message", blank=True, default="")
    reason = EncryptedTextField(_("reason for the decision"), context="member.reason", blank=True, default="")
    reason_kind = EncryptedTextField(_("kind of reason"), context="member.reason_kind", blank=True, default="")
    parting_email = EncryptedTextField(
        _("email for the decision"), context="member.parting_email", blank=True, default=""
    )

    new_email = EncryptedTextField(_("new address"), context="member.new_email", blank=True, default="")
    new_email_index = models.CharField(max_length=64, null=True, editable=False)
    word_hash = models.CharField(max_length=128, blank=True, editable=False)
    #: One visit has shown both the secret word and the inbox of the current address.
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
        default=1, db_default=1, editable=False, help_text=_("Goes up with each change to the answers.")
    )
    decided_version = models.PositiveIntegerField(
        null=True, editable=False, help_text=_("The version that the decision was about, while it can be undone.")
    )
    flag_reason = models.CharField(_("flagged"), max_length=20, choices=SPAM_REASONS, blank=True, editable=False)
    reminded_days = models.PositiveSmallIntegerField(default=0, editable=False)
    confirm_until = models.DateTimeField(null=True, editable=False, help_text=_("Counted from the email."))
    list_due_at = models.DateTimeField(
        null=True, editable=False, help_text=_("When the email that lists the applications at this address has it.")
    )
    browser_mark = models.CharField(
        max_length=64, blank=True, default="", db_default="", editable=False,
        help_text=_("The first form that the same browser sent. Emptied once the address is confirmed."),
    )  # fmt: skip

    decided_by_id: int | None
    proposed_by_id: int | None
    handed_to_id: int | None
    same_as_id: int | None
    chapter_id: int | None
    links: "MemberLinkQuerySet"
    rsvps: "RsvpQuerySet"
    sharings: "SharingQuerySet"
    skills: "SkillQuerySet"
    credential_changes: "CredentialChangeQuerySet"
    own_calendar: "OwnCalendar"
    get_status_display: Callable[[], str]
    get_contact_display: Callable[[], str]
    get_flag_reason_display: Callable[[], str]

    objects: ClassVar[MemberQuerySet] = manager_of(MemberQuerySet)

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
                fields=["email_index"], condition=Q(status__in=choices.LIVE), name="one_live_row_an_address"
            ),
            models.CheckConstraint(
                condition=~Q(contact="none") | Q(email_index__isnull=True), name="no_address_where_no_emails"
            ),
            models.CheckConstraint(
                condition=~Q(status="unconfirmed") | Q(email_index__isnull=False),
                name="only_an_address_is_confirmed",
            ),
            models.CheckConstraint(
                condition=Q(status__in=choices.IN_GRACE_PERIOD, effective_at__isnull=False)
                | (~Q(status__in=choices.IN_GRACE_PERIOD) & Q(effective_at__isnull=True)),
                name="grace_period_has_an_end",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=choices.DECIDED) | Q(decided_at__isnull=False), name="a_decision_has_a_day"
            ),
            models.CheckConstraint(
                condition=Q(status="left", left_on__isnull=False) | (~Q(status="left") & Q(left_on__isnull=True)),
                name="left_means_a_day",
            ),
        ]
        indexes = [
            models.Index(fields=["status", "received_on", "id"], name="members_oldest_first"),
            *LIST_INDEXES,
            models.Index(fields=["email_index"], name="members_by_address"),
            models.Index(fields=["decision"], name="members_by_decision", condition=Q(decision__isnull=False)),
            models.Index(
                fields=["effective_at"], name="decisions_to_take_effect", condition=Q(effective_at__isnull=False)
            ),
            models.Index(fields=["handed_at"], name="applications_open", condition=Q(handed_at__isnull=False)),
            models.Index(fields=["list_due_at"], name="confirmation_lists_due", condition=Q(list_due_at__isnull=False)),
            models.Index(fields=["left_on"], name="members_who_left", condition=Q(left_on__isnull=False)),
            models.Index(fields=["decided_at"], name="members_decided_lately", condition=Q(decided_at__isnull=False)),
            models.Index(fields=["flag_reason"], name="members_flagged", condition=~Q(flag_reason="")),
            models.Index(
                fields=["decided_at"],
                name="decision_words_to_clear",
                condition=Q(emptied_on__isnull=True, decided_at__isnull=False),
            ),
            models.Index(
                fields=["new_email_index"],
                name="members_by_new_address",
                condition=Q(new_email_index__isnull=False),
            ),
            models.Index(fields=["email_index", "status"], name="discreet_by_address", condition=Q(contact="discreet")),
            models.Index(
                fields=["limit_index", "contact", "status"],
                name="members_by_limit",
                condition=Q(limit_index__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"No. {self.number}"

    @property
    def log_id(self) -> str:
        """How the access log and emails refer to this member. It outlives the row."""
        return self.number

    @property
    def about(self) -> str:
        """How the outbox labels this member's emails."""
        return f"member {self.number}"

    @property
    def place(self) -> str:
        return place_name(self.country, self.region)

    @property
    def gets_emails(self) -> bool:
        return self.contact != self.Contact.NONE and bool(self.email_index)

    @property
    def can_be_corrected(self) -> bool:
        """Whether the form that created this row may still change it: no one has confirmed or decided it.

        A decision that can still be undone does not show here either.
        """
        unproved = self.status in self.UNPROVED or (self.status in self.READS_AS_WAITING and not self.email)
        return unproved and self.times_corrected < self.CORRECTIONS_AT_MOST

    @property
    def is_undecided(self) -> bool:
        return self.status in self.UNDECIDED

    @property
    def was_amended_after_decision(self) -> bool:
        """Whether a decision was undone because the application changed before it took effect."""
        return self.is_undecided and self.decided_version is not None

    @property
    def language_name(self) -> str:
        return dict(settings.LANGUAGES).get(self.language, self.language)

    @property
    def is_discreet(self) -> bool:
        return self.contact == self.Contact.DISCREET

    @property
    def row(self) -> MemberQuerySet:
        """The row of this member, as services take it."""
        return Member.objects.filter(pk=self.pk)

    @property
    def as_read(self) -> MemberQuerySet:
        """The row, if it still has the version that was read here: a decision applies to no later one."""
        return self.row.filter(version=self.version)
