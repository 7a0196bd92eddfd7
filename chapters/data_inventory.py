"""The data inventory of chapters, representatives, their messages and offers."""

from datetime import timedelta
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
    same,
    together,
)

OF_A_MEMBER = ("members.member",)
YOU, PUBLIC, VOLUNTEERS = Reader.YOU, Reader.PUBLIC, Reader.VOLUNTEERS

_hidden = partial(DataField, is_personal=True)
_public = partial(DataField, is_personal=True, readers=(PUBLIC,))
_both = partial(DataField, is_personal=True, readers=(YOU, Reader.ADDRESSEE))
_mine = partial(DataField, is_personal=True, readers=(YOU, VOLUNTEERS))
_code_and_form = _hidden(
    _("A fingerprint of your code, and the ID of the form you sent"),
    _("So that the site recognizes your code, and counts a form sent twice as one."),
)

CHAPTER = DataInventory(
    subject=Subject.NOBODY,
    title=_("Chapters"),
    purpose=_("So that people can find a group near them."),
    goes=(_("Kept as long as the chapter exists. It names no one."),),
    fields=together(
        "id slug name status country region area languages rhythm words how_to_join created_on",
        DataField(_("What the chapter says about itself"), _("So that people can find it."), readers=(PUBLIC,)),
    ),
)

REPRESENTATIVE = DataInventory(
    subject=Subject.STAFF,
    title=_("Your profile as a representative"),
    purpose=_("So that people can find you and write to you without seeing your email address."),
    goes=(
        _(
            "Removed from the site the day your consent or your term ends. If our reminders were late, "
            "this can take up to 60 days longer. All of it is deleted when your account is removed."
        ),
    ),
    fields={
        **together(
            "country region chapter begins_on ends_on",
            _public(_("The place or chapter you represent, with dates"), _("So that people can find you.")),
        ),
        **together(
            "display_name pronouns words languages photo photo_alt mandated_reporter ties searched",
            _public(_("What you chose to show about yourself"), _("So that people know who they’re writing to.")),
        ),
        **together(
            "id user appointed_by follows steps_done language shows_region takes_messages answer_days",
            _mine(_("Your choices, and who appointed you"), _("So that the site does what you chose.")),
        ),
        **together(
            "confirmed_on consent_until emails_written asked_on renewal_token renewal_hash",
            _mine(
                _("How long you agreed to be shown, and the link that asks you again"), _("So that it ends on time.")
            ),
        ),
    },
)

MESSAGE = DataInventory(
    subject=Subject.WRITERS,
    title=_("A message to a representative"),
    purpose=_("So that you can write to each other, and neither of you sees the other’s email address."),
    goes=(
        RetentionRule(
            "CONVERSATION_DAYS", _("Deleted %(days)s after the last message, yours or theirs."), by_day("last_word_on")
        ),
        _(
            "Deleted right away when you delete your information as a member with a link from our email. "
            "This applies if you wrote from the same address."
        ),
    ),
    tombstone="C-",
    erasure_rules=(
        ErasureRule(
            of=OF_A_MEMBER,
            what=_("Messages you sent to representatives from the same email address"),
            rows=lambda people: same("email_index", "email_index")(people) & ~Q(said__reported_on__isnull=False),
            by_address=True,
            otherwise=TimeLimit("CONVERSATION_DAYS", _("%(days)s after the last message in each conversation")),
        ),
        ErasureRule(
            of=OF_A_MEMBER,
            what=_("Messages with a representative where something was reported, if there are any"),
            rows=same("email_index", "email_index"),
            stays=RetentionException(
                why=_("So that we can first hear from the person who reported it."),
                until=TimeLimit("CONVERSATION_DAYS", _("%(days)s after the last message in the conversation")),
                is_told_always=True,
            ),
            by_address=True,
        ),
    ),
    fields={
        **together(
            "id number", _both(_("A reference number"), _("So that we can refer to it without using your words."))
        ),
        "name": _both(_("The name to use"), _("So that they can greet you. Any name will do.")),
        "email": _hidden(
            _("Your email address"),
            _("So that the site can tell you when there’s an answer. The representative never sees it."),
        ),
        "email_index": _hidden(
            _("A fingerprint of your address"),
            _("So that the site can find what’s yours when you want it all deleted."),
        ),
        **together(
            "contact language",
            _both(_("How you can be answered, and your language"), _("So that it’s safe to answer you.")),
        ),
        **together("code_hash form_token flag_reason", _code_and_form),
        **together(
            "representative state turn coalition_may_answer received_on read_on first_answer_on last_word_on turn "
            "coalition_told_on taken_over_on taken_over_by",
            _mine(_("Who it went to, and its status"), _("So that no message is forgotten.")),
        ),
    },
)

MESSAGE_WORD = DataInventory(
    subject=Subject.WRITERS,
    title=_("What you wrote to a representative, and what they answered"),
    purpose=_("So that you and the representative can read it and answer."),
    goes=(_("Deleted with the message it belongs to."),),
    erasure_rules=(
        ErasureRule(
            of=("chapters.representativemessage",),
            what=_("What you and the representative wrote in those messages"),
            rows=same("conversation"),
        ),
    ),
    fields={
        "words": _both(_("The text"), _("So that the people it’s for can read it and answer.")),
        **together(
            "reported_on report settled_on settled_by",
            _hidden(_("What someone reported about it"), _("So that someone looks into it."), readers=(VOLUNTEERS,)),
        ),
        **together(
            "id conversation is_answer by at form_token",
            _both(_("Who wrote it, and when"), _("So that you can both follow the conversation.")),
        ),
    },
)

BLOCK = DataInventory(
    subject=Subject.WRITERS,
    title=_("Senders a representative has blocked"),
    purpose=_("So that a representative doesn’t have to read what hurts them."),
    goes=(_("Deleted when the representative unblocks the sender, or when their account is removed."),),
    erasure_rules=(
        ErasureRule(
            of=OF_A_MEMBER,
            what=_("The fingerprint of your address, if a representative chose not to get your messages"),
            rows=same("sender_index", "email_index"),
            stays=RetentionException(
                why=_("So that someone else is protected. We don’t say whether there is one."),
                until=_("the representative changes their choice"),
                is_told_always=True,
            ),
            by_address=True,
        ),
    ),
    fields={
        "sender_index": _hidden(
            _("A fingerprint of the sender’s address"),
            _("So that the site can recognize the address without keeping it."),
        ),
        **together(
            "id user since",
            DataField(_("Whose choice it is, and since when"), _("So that they can undo it."), is_personal=True),
        ),
    },
)


def _offers_that_are_over(now, days):
    """Offers declined or talked about that long ago. An accepted one stays until someone has talked with the sender."""
    day = now.date() - timedelta(days=days)
    return Q(decided_on__lte=day) & ~Q(state="taken_up", talked_on=None) & (Q(talked_on=None) | Q(talked_on__lte=day))


OFFER = DataInventory(
    subject=Subject.WRITERS,
    title=_("An offer to represent a place or start a chapter"),
    purpose=_("So that a volunteer can read it and answer you."),
    goes=(
        RetentionRule(
            "OFFER_DAYS",
            _("Deleted %(days)s after a volunteer says “not right now,” or talks with you."),
            _offers_that_are_over,
        ),
        _(
            "Deleted right away when you delete your information as a member. This applies if you made "
            "the offer there, or with the same address."
        ),
    ),
    tombstone="O-",
    erasure_rules=(
        ErasureRule(of=OF_A_MEMBER, what=_("Offers you made as a member"), rows=same("member_number", "number")),
        ErasureRule(
            of=OF_A_MEMBER,
            what=_("Offers you made with the same email address"),
            rows=same("email_index", "email_index"),
            by_address=True,
            otherwise=TimeLimit(
                "OFFER_DAYS", _("%(days)s after a volunteer says “not right now” to each one, or talks with you")
            ),
        ),
    ),
    fields={
        **together(
            "id number", _mine(_("A reference number"), _("So that we can refer to it without using your words."))
        ),
        "name": _mine(_("The name to use"), _("So that we can greet you. Any name will do.")),
        "email": _mine(_("Your email address"), _("So that we can answer you, if you said it’s safe.")),
        "email_index": _hidden(
            _("A fingerprint of your address"),
            _("So that the site can find what’s yours when you want it all deleted."),
        ),
        "member_number": _mine(
            _("Your member number"), _("So that the site can find what’s yours when you want it all deleted.")
        ),
        **together(
            "words chapter_name area languages rhythm country region chapter kind",
            _mine(_("What you offer, in your own words"), _("So that a volunteer can say yes.")),
        ),
        **together(
            "contact language",
            _mine(_("How we may answer you, and your language"), _("So that it’s safe to answer you.")),
        ),
        **together("code_hash form_token flag_reason version", _code_and_form),
        **together(
            "state received_on decided_on decided_by talked_on",
            _mine(_("Its status, and who decided"), _("So that no one waits too long.")),
        ),
    },
)
