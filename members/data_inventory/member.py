"""The data inventory of applicants and members."""

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from s4jr.erasure.rules import (
    DataField,
    DataInventory,
    ErasureRule,
    Reader,
    RetentionException,
    RetentionRule,
    Subject,
    TimeLimit,
    by_day,
    by_moment,
    same,
    together,
)

OF_A_MEMBER = ("members.member",)
YOU, DECIDING, REPRESENTATIVE = Reader.YOU, Reader.DECIDING, Reader.REPRESENTATIVE
UNPROVED = ["unconfirmed"]
#: Confirmed from an inbox whose owner has another application or membership.
DUPLICATE = "duplicate_address"

_hidden = partial(DataField, is_personal=True)
_yours = partial(DataField, is_personal=True, readers=(YOU, DECIDING))
_shared = partial(DataField, is_personal=True, readers=(YOU, DECIDING, REPRESENTATIVE))


def _not_confirmed(now: datetime, days: int) -> Q:
    """Counts whole days for both kinds, so the hour of erasure does not reveal which of the two it was."""
    # An application that waits for a confirmation list has not had its link yet.
    still_in_time = Q(confirm_until__isnull=False, confirm_until__gte=now) | Q(list_due_at__isnull=False)
    return by_day("received_on", status__in=UNPROVED, flag_reason="")(now, days + 1) & ~still_in_time


def _others(index: str, whose: str = "pk", **where: object) -> Callable[[Sequence], Q]:
    """Finds rows of other people that have the address of one of `people` in this column."""
    find = same(index, "email_index")
    return lambda people: Q(find(people), **where) & ~Q(**{f"{whose}__in": [person.pk for person in people]})


_other_requests = _others("email_index", status__in=[*UNPROVED, DUPLICATE])


NOT_CONFIRMED = RetentionRule(
    "CONFIRM_WITHIN_DAYS", _("Deleted if no one confirms the address within %(days)s."), _not_confirmed
)
FLAGGED_TOO_LONG = RetentionRule(
    "FLAGGED_DAYS",
    _(
        "Deleted %(days)s after it came, if it was flagged as possible spam, set aside for an admin, "
        "and no one confirmed it."
    ),
    by_day("received_on", status__in=UNPROVED, flag_reason__gt=""),
)
#: Another member, or the same person under another number, who asked to change to this address.
ASKED_TO_MOVE_HERE = RetentionException(
    why=_(
        "So that the change can still be confirmed. Someone, maybe you, asked to use your address in "
        "another request. Only your inbox can confirm that."
    ),
    until=TimeLimit("CONFIRM_WITHIN_DAYS", _("%(days)s after they last asked, if you don’t confirm it")),
)
WORDS_GO = TimeLimit("DECIDED_WORDS_DAYS", _("Deleted %(days)s after a decision."))

MEMBER = DataInventory(
    subject=Subject.MEMBERS,
    title=_("Your request to join, and the information we have about you as a member"),
    purpose=_(
        "So that a volunteer can read your request and answer it, and we can reach you in the way that’s safe for you."
    ),
    goes=(
        _("Deleted right away when you delete your information or cancel your request."),
        NOT_CONFIRMED,
        FLAGGED_TOO_LONG,
        TimeLimit(
            "UNDECIDED_DAYS",
            _(
                "Deleted if no one answers you within %(days)s: what you wrote. We email you then, or your "
                "code shows it."
            ),
        ),
        RetentionRule(
            "LAPSED_DAYS", _("Deleted %(days)s after that: whatever is left."), by_moment("decided_at", status="lapsed")
        ),
        RetentionRule(
            "DECLINED_DAYS", _("Deleted %(days)s after a “not right now.”"), by_moment("decided_at", status="declined")
        ),
        RetentionRule(
            "CLOSED_DAYS",
            _("Deleted %(days)s after we close it without an answer, as we do with spam."),
            by_moment("decided_at", status="closed"),
        ),
        RetentionRule(
            "LEFT_DAYS",
            _("Deleted %(days)s after you leave, so that you can still change your mind."),
            by_day("left_on", status="left"),
        ),
        RetentionRule(
            "MEMBERSHIP_ENDED_DAYS",
            _("Deleted %(days)s after we end your membership, so that you can still ask us why."),
            by_moment("decided_at", status="membership_ended"),
        ),
        _("Kept as long as you’re a member."),
    ),
    erasure_rules=(
        ErasureRule(
            of=OF_A_MEMBER,
            what=_("Other requests made with your address and never confirmed"),
            rows=_other_requests,
            by_address=True,
            otherwise=TimeLimit("CONFIRM_WITHIN_DAYS", _("%(days)s after they were sent")),
        ),
        ErasureRule(
            of=OF_A_MEMBER,
            what=_("Your address, if another request is waiting to change to it"),
            rows=_others("new_email_index"),
            stays=ASKED_TO_MOVE_HERE,
            by_address=True,
        ),
    ),
    fields={
        **together("id number", _yours(_("Your number"), _("So that we can refer to you without using your name."))),
        "name": _shared(_("The name to use"), _("So that we can greet you. Any name will do.")),
        "email": _yours(_("Your email address"), _("So that we can write to you, if you said it’s safe.")),
        "email_index": _hidden(
            _("A fingerprint of your address"),
            _(
                "So that the site can find your address without opening any encrypted one. The fingerprint "
                "can’t be turned back into the address."
            ),
        ),
        "limit_index": _hidden(
            _(
                "A fingerprint of your inbox, if your address can be spelled in several ways, such as with a "
                "plus sign (+)"
            ),
            _(
                "So that no one can fill an inbox by typing its address in many spellings. A choice of "
                "discreet emails counts for all of them."
            ),
        ),
        "contact": _yours(_("How we may reach you"), _("So that we never write to you where it isn’t safe.")),
        "pronouns": _shared(_("Your pronouns"), _("So that we refer to you the right way.")),
        "relation": _hidden(
            _("Whether you’re a survivor or an ally"),
            _("So that you can say it. The volunteer who decides about your request doesn’t see it."),
            goes=WORDS_GO,
            readers=(YOU,),
        ),
        "ways_to_help": _shared(_("Ways you’d like to help"), _("So that we can ask you for the help you offered.")),
        "access_needs": _shared(_("What helps you take part"), _("So that meetings work for you.")),
        "message": _yours(
            _("Your message to us"), _("So that the volunteer who reads your request can understand it."), goes=WORDS_GO
        ),
        **together(
            "reason reason_kind",
            _hidden(
                _("Why a volunteer decided as they did"),
                _("So that another volunteer can understand the decision."),
                goes=WORDS_GO,
                readers=(DECIDING,),
            ),
        ),
        "parting_email": _yours(
            _("What a volunteer wrote to you with a “not right now”"),
            _("So that a volunteer can undo it within one hour."),
            goes=_("Deleted when the email to you is written."),
        ),
        **together(
            "new_email new_email_index",
            _hidden(
                _("The address you want to change to, and its fingerprint"),
                _("So that we can change to it once you confirm it."),
                goes=TimeLimit("CONFIRM_WITHIN_DAYS", _("Deleted once you confirm it, or after %(days)s.")),
                readers=(YOU,),
            ),
        ),
        **together(
            "word_hash word_proves_inbox",
            _hidden(
                _("A fingerprint of your secret word"),
                _("So that the site can check your secret word. We don’t keep the word itself."),
            ),
        ),
        **together(
            "country region",
            _shared(
                _("Your country, and your state or province"),
                _("So that we can tell you about meetings and people near you."),
            ),
        ),
        "chapter": _shared(_("Your chapter"), _("So that we can tell you about its meetings.")),
        "language": _yours(_("Your language"), _("So that our emails to you are in your language.")),
        "newsletter": _yours(
            _("Whether you want news"),
            _(
                "So that general news goes only to people who asked for it. News for your place or chapter "
                "goes to all its members."
            ),
        ),
        "status": _yours(_("The status of your request"), _("So that we take the right next step.")),
        **together(
            "received_on decided_at effective_at paused_at left_on emptied_on confirm_until list_due_at reminded_days",
            _yours(
                _("When you asked, when it was decided, and when you paused or left"),
                _("So that no one waits too long, and everything is deleted on time."),
            ),
        ),
        **together(
            "decided_by proposed_by",
            DataField(_("Which volunteer decided"), _("So that someone is accountable for it."), readers=(DECIDING,)),
        ),
        **together(
            "handed_to handed_at",
            DataField(
                _("Which volunteer has your request open, and since when"),
                _("So that two volunteers don’t read the same request at the same time."),
                goes=_("Deleted when they decide, and at the latest within a day."),
                readers=(DECIDING,),
            ),
        ),
        **together(
            "decision same_as flag_reason asked_to_leave_at next_step_on decided_version",
            DataField(
                _("Technical notes of what a volunteer did"),
                _("So that two volunteers can’t decide the same thing twice."),
                readers=(DECIDING,),
            ),
        ),
        **together(
            "agreement_version agreed_at",
            _yours(_("Which community agreement you said yes to, and when"), _("So that we can show what was agreed.")),
        ),
        "browser_mark": _hidden(
            _("An ID for the browser that sent it"),
            _("So that correcting an address also ends other requests that the same browser made with the old one."),
            goes=_("Deleted as soon as the address is confirmed."),
        ),
        **together(
            "code_hash form_token times_corrected version",
            _hidden(
                _("A fingerprint of your code, and the ID of the form you sent"),
                _("So that the site recognizes your code, and counts a form sent twice as one request."),
            ),
        ),
    },
)

WORDS_FOR_A_DECISION = [name for name, kept in MEMBER.fields.items() if kept.goes is WORDS_GO]

LINK = DataInventory(
    subject=Subject.MEMBERS,
    title=_("Links in our emails to you"),
    purpose=_("So that you can confirm, see, change or delete your information without a password."),
    goes=(_("Deleted when you delete your information, and within a day after the link expires."),),
    erasure_rules=(
        ErasureRule(of=OF_A_MEMBER, what=_("Links in our emails to you"), rows=same("member"), is_counted=False),
        ErasureRule(
            of=OF_A_MEMBER,
            what=_("The fingerprint of your address on a link that would change another request to it"),
            rows=_others("to_index", whose="member", purpose="change"),
            stays=ASKED_TO_MOVE_HERE,
            by_address=True,
        ),
    ),
    fields={
        **together(
            "id member purpose by_link_alone",
            _hidden(_("Whose link it is, and what it’s for"), _("So that it does one thing.")),
        ),
        "token_hash": DataField(
            _("A fingerprint of the link"), _("So that the site recognizes it. The link itself is only in your email.")
        ),
        "to_index": _hidden(
            _("A fingerprint of the address it went to"),
            _("So that the link stops working when you change your address."),
        ),
        **together(
            "created_at expires_at used_at",
            DataField(_("When it was made, when it was used, and when it ends"), _("So that it ends on time.")),
        ),
    },
)
