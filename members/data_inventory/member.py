"""What is kept of people who ask to join."""

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
#: Confirmed in an inbox whose owner is with us under another number.
DUPLICATE = "duplicate_address"

_hidden = partial(DataField, is_personal=True)
_yours = partial(DataField, is_personal=True, readers=(YOU, DECIDING))
_shared = partial(DataField, is_personal=True, readers=(YOU, DECIDING, REPRESENTATIVE))


def _not_confirmed(now, days):
    """In whole days for both kinds, so that the hour at which one goes does not tell which of the two it was."""
    # Whoever waits for the list that names them has not had their link yet.
    still_in_time = Q(confirm_until__isnull=False, confirm_until__gte=now) | Q(list_due_at__isnull=False)
    return by_day("received_on", status__in=UNPROVED, flag_reason="")(now, days + 1) & ~still_in_time


def _others(index, whose="pk", **where):
    """Rows of others than these, who have the address of one of these in this column."""
    find = same(index, "email_index")
    return lambda people: Q(find(people), **where) & ~Q(**{f"{whose}__in": [person.pk for person in people]})


_other_requests = _others("email_index", status__in=[*UNPROVED, DUPLICATE])


NOT_CONFIRMED = RetentionRule(
    "CONFIRM_WITHIN_DAYS", _("If nobody confirms the address within %(days)s."), _not_confirmed
)
FLAGGED_TOO_LONG = RetentionRule(
    "FLAGGED_DAYS",
    _("%(days)s after it came, if it looked odd, was put aside for an admin, and nobody confirmed it."),
    by_day("received_on", status__in=UNPROVED, flag_reason__gt=""),
)
#: Somebody else, or the same person under another number, who wants emails to come to this address from now on.
ASKED_TO_MOVE_HERE = RetentionException(
    why=_("Somebody, perhaps you, wants to change to it in another request. Only your mailbox can confirm that."),
    until=TimeLimit("CONFIRM_WITHIN_DAYS", _("%(days)s after they asked last, if you do not confirm it")),
)
WORDS_GO = TimeLimit("DECIDED_WORDS_DAYS", _("Emptied %(days)s after a decision."))

MEMBER = DataInventory(
    subject=Subject.MEMBERS,
    title=_("Your request to join, and what we know of you as a member"),
    purpose=_("To read your request, to answer you, and to reach you in the way that is safe for you."),
    goes=(
        _("At once when you withdraw."),
        NOT_CONFIRMED,
        FLAGGED_TOO_LONG,
        TimeLimit(
            "UNDECIDED_DAYS", _("If nobody answers you within %(days)s, what you wrote goes, and we tell you so.")
        ),
        RetentionRule(
            "LAPSED_DAYS", _("What is left of it then goes %(days)s later."), by_moment("decided_at", status="lapsed")
        ),
        RetentionRule("DECLINED_DAYS", _("%(days)s after a “not now”."), by_moment("decided_at", status="declined")),
        RetentionRule(
            "CLOSED_DAYS",
            _("%(days)s after it was closed without an answer, as spam is."),
            by_moment("decided_at", status="closed"),
        ),
        RetentionRule(
            "LEFT_DAYS",
            _("%(days)s after you leave, so that you can still change your mind."),
            by_day("left_on", status="left"),
        ),
        RetentionRule(
            "MEMBERSHIP_ENDED_DAYS",
            _("%(days)s after you were asked to step back, so that you can still ask us why."),
            by_moment("decided_at", status="membership_ended"),
        ),
        _("As long as you are a member, it stays."),
    ),
    erasure_rules=(
        ErasureRule(
            of=OF_A_MEMBER,
            what=_("Other requests that were made with your address and never confirmed"),
            rows=_other_requests,
            by_address=True,
            otherwise=TimeLimit("CONFIRM_WITHIN_DAYS", _("%(days)s after they were sent")),
        ),
        ErasureRule(
            of=OF_A_MEMBER,
            what=_("Your address, where another request waits to change to it"),
            rows=_others("new_email_index"),
            stays=ASKED_TO_MOVE_HERE,
            by_address=True,
        ),
    ),
    fields={
        **together("id number", _yours(_("Your number"), _("Names you where no name should stand."))),
        "name": _shared(_("The name to use"), _("So that we can greet you. Any name will do.")),
        "email": _yours(_("Your e-mail address"), _("So that we can write to you, if you said that it is safe.")),
        "email_index": _hidden(
            _("A fingerprint of your address"),
            _("Finds your address without opening any. It cannot be turned back into the address."),
        ),
        "limit_index": _hidden(
            _("A fingerprint of your inbox, where your address is one of several spellings of it, as with a + part"),
            _(
                "So that no one can fill an inbox by typing its address in many spellings, and a choice to be discreet "
                "counts for all of them."
            ),
        ),
        "contact": _yours(_("How we may reach you"), _("So that we never write where it is not safe.")),
        "pronouns": _shared(_("Your pronouns"), _("So that we speak of you rightly.")),
        "relation": _hidden(
            _("Whether you are a survivor or an ally"),
            _("So that you can say it. Who decides about your request does not see it."),
            goes=WORDS_GO,
            readers=(YOU,),
        ),
        "ways_to_help": _shared(_("Ways you would like to help"), _("So that we can ask you for what you offered.")),
        "access_needs": _shared(_("What helps you take part"), _("So that meetings work for you.")),
        "message": _yours(
            _("Your message to us"), _("So that who reads your request can understand it."), goes=WORDS_GO
        ),
        "reason": _hidden(
            _("Why an admin decided as they did"),
            _("So that another admin can understand it."),
            goes=WORDS_GO,
            readers=(DECIDING,),
        ),
        "parting_email": _yours(
            _("What an admin has written to you with a “not now”"),
            _("Waits for the hour in which it can still be stopped."),
            goes=_("Emptied as soon as the letter to you is made of it."),
        ),
        **together(
            "new_email new_email_index",
            _hidden(
                _("An address you want to change to, and its fingerprint"),
                _("Waits until you have confirmed it."),
                goes=TimeLimit("CONFIRM_WITHIN_DAYS", _("Emptied once you have confirmed it, or after %(days)s.")),
                readers=(YOU,),
            ),
        ),
        **together(
            "word_hash word_proves_inbox",
            _hidden(_("A fingerprint of the word only you know"), _("Checks your word. The word itself is not kept.")),
        ),
        **together(
            "country region",
            _shared(_("Your country, and your state or province"), _("Tells you of meetings and people near you.")),
        ),
        "chapter": _shared(_("Your chapter"), _("Tells you of its meetings.")),
        "language": _yours(_("Your language"), _("Our letters to you are in it.")),
        "newsletter": _yours(
            _("Whether you want news"),
            _(
                "So that news for everybody goes only to who asked. What is for your place or chapter goes to all its "
                "members."
            ),
        ),
        "status": _yours(_("Where your request stands"), _("So that we do the next right thing.")),
        **together(
            "received_on decided_at declining_until paused_at left_on emptied_on confirm_until list_due_at "
            "reminded_days",
            _yours(
                _("When it came, was decided, paused or left"),
                _("So that nobody waits too long, and everything goes in time."),
            ),
        ),
        **together(
            "decided_by proposed_by",
            DataField(_("Which admin decided"), _("So that somebody answers for it."), readers=(DECIDING,)),
        ),
        **together(
            "decision same_as flag_reason asked_to_leave_at next_step_on declined_version",
            DataField(
                _("Marks of what an admin did"),
                _("So that two admins cannot decide the same thing twice."),
                readers=(DECIDING,),
            ),
        ),
        **together(
            "agreement_version agreed_at",
            _yours(_("Which community agreement you said yes to, and when"), _("Shows what was agreed.")),
        ),
        "browser_mark": _hidden(
            _("A mark of the browser that sent it"),
            _("So that correcting an address also ends other requests that the same browser made with it."),
            goes=_("Emptied as soon as the address is confirmed."),
        ),
        **together(
            "code_hash form_token times_corrected version",
            _hidden(
                _("A fingerprint of your status code, and the mark of the form you sent"),
                _("Knows your code again, and makes one request of a form that is sent twice."),
            ),
        ),
    },
)

WORDS_FOR_A_DECISION = [name for name, kept in MEMBER.fields.items() if kept.goes is WORDS_GO]

LINK = DataInventory(
    subject=Subject.MEMBERS,
    title=_("Links in letters to you"),
    purpose=_("So that you can confirm, see, change or withdraw without a password."),
    goes=(_("When you withdraw, and within a day once the link has run out."),),
    erasure_rules=(
        ErasureRule(of=OF_A_MEMBER, what=_("Links in letters to you"), rows=same("member"), is_counted=False),
        ErasureRule(
            of=OF_A_MEMBER,
            what=_("The fingerprint of your address on a link with which another request would change to it"),
            rows=_others("to_index", whose="member", purpose="change"),
            stays=ASKED_TO_MOVE_HERE,
            by_address=True,
        ),
    ),
    fields={
        **together(
            "id member purpose by_link_alone",
            _hidden(_("Whose link it is, and for what"), _("So that it does one thing.")),
        ),
        "token_hash": DataField(_("A fingerprint of the link"), _("Knows it again. The link is only in your letter.")),
        "to_index": _hidden(
            _("A fingerprint of the address it went to"), _("A link stops working when you change your address.")
        ),
        **together(
            "created_at expires_at used_at", DataField(_("When it was made, used, and ends"), _("So that it ends."))
        ),
    },
)

SHARING = DataInventory(
    subject=Subject.MEMBERS,
    title=_("What you let representatives see"),
    purpose=_("Nothing, unless you choose it. You can take it back at any time."),
    goes=(_("At once when you take it back, leave or withdraw."),),
    erasure_rules=(ErasureRule(of=OF_A_MEMBER, what=_("What you let representatives see"), rows=same("member")),),
    fields=together(
        "id member region chapter fields since",
        _hidden(
            _("What they may see, where, and since when"),
            _("So that they see what you chose, and no more."),
            readers=(YOU, REPRESENTATIVE),
        ),
    ),
)
