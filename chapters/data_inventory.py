"""What is kept of chapters, meetings, representatives and of those who write to them."""

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
_both = partial(DataField, is_personal=True, readers=(YOU, Reader.REPRESENTATIVE))
_mine = partial(DataField, is_personal=True, readers=(YOU, VOLUNTEERS))
_code_and_form = _hidden(
    _("A fingerprint of your code, and the mark of the form you sent"),
    _("Knows your code again, and makes one of a form that is sent twice."),
)

CHAPTER = DataInventory(
    subject=Subject.NOBODY,
    title=_("Chapters"),
    purpose=_("So that people find a group near them."),
    goes=(_("As long as the chapter is there. Nobody is named in it."),),
    fields=together(
        "id slug name status country region area languages rhythm words how_to_join created_on",
        DataField(_("What the chapter says of itself"), _("So that people find it."), readers=(PUBLIC,)),
    ),
)

REPRESENTATIVE = DataInventory(
    subject=Subject.STAFF,
    title=_("Your card as a representative"),
    purpose=_("So that people find you and can write to you, without learning your address."),
    goes=(
        _(
            "From the site on the day your yes or your term ends, or up to sixty days later where our reminders were "
            "late; all of it when your account is removed."
        ),
    ),
    fields={
        **together(
            "country region chapter begins_on ends_on",
            _public(_("What place or chapter you represent, and since when"), _("So that people find you.")),
        ),
        **together(
            "display_name pronouns words languages photo photo_alt mandated_reporter ties searched",
            _public(_("What you chose to show of yourself"), _("So that people know whom they write to.")),
        ),
        **together(
            "id user appointed_by follows steps_done language shows_region takes_messages answer_days",
            _mine(_("Your choices, and who appointed you"), _("So that the site does what you chose.")),
        ),
        **together(
            "confirmed_on consent_until emails_written asked_on renewal_token renewal_hash",
            _mine(_("Until when you said yes to being shown, and the link that asks again"), _("So that it ends.")),
        ),
    },
)

MESSAGE = DataInventory(
    subject=Subject.WRITERS,
    title=_("A message to a representative"),
    purpose=_("So that you can talk with them while neither learns the other’s address."),
    goes=(
        RetentionRule("CONVERSATION_DAYS", _("%(days)s after the last word, yours or theirs."), by_day("last_word_on")),
        _("At once when you withdraw as a member with a link from a letter, if you wrote with the same address."),
    ),
    tombstone="C-",
    erasure_rules=(
        ErasureRule(
            of=OF_A_MEMBER,
            what=_("Messages you sent to representatives with the same address"),
            rows=lambda people: same("email_index", "email_index")(people) & ~Q(said__reported_on__isnull=False),
            by_address=True,
            otherwise=TimeLimit("CONVERSATION_DAYS", _("%(days)s after the last word in each")),
        ),
        ErasureRule(
            of=OF_A_MEMBER,
            what=_("Messages to a representative in which something was reported, if there are any"),
            rows=same("email_index", "email_index"),
            stays=RetentionException(
                why=_("Whoever reported something must be heard first."),
                until=TimeLimit("CONVERSATION_DAYS", _("%(days)s after the last word in it")),
                is_told_always=True,
            ),
            by_address=True,
        ),
    ),
    fields={
        **together("id number", _both(_("A number"), _("Names it where none of your words should stand."))),
        "name": _both(_("The name to use"), _("So that they can greet you. Any name will do.")),
        "email": _hidden(
            _("Your e-mail address"), _("So that the site can tell you of an answer. The representative never sees it.")
        ),
        "email_index": _hidden(
            _("A fingerprint of your address"), _("Finds what is yours when you want everything gone.")
        ),
        **together(
            "contact language", _both(_("How you may be answered, and your language"), _("So that an answer is safe."))
        ),
        **together("code_hash form_token flag_reason", _code_and_form),
        **together(
            "representative state turn coalition_may_answer received_on read_on first_answer_on last_word_on turn "
            "coalition_told_on taken_over_on taken_over_by",
            _mine(_("To whom it went, and how far it has come"), _("So that no message is left lying.")),
        ),
    },
)

MESSAGE_WORD = DataInventory(
    subject=Subject.WRITERS,
    title=_("What was said to a representative, and what they answered"),
    purpose=_("To read it and to answer."),
    goes=(_("With the message it belongs to."),),
    erasure_rules=(
        ErasureRule(
            of=("chapters.representativemessage",),
            what=_("What was said in those messages, by you and by them"),
            rows=same("conversation"),
        ),
    ),
    fields={
        "words": _both(_("The words"), _("To read them, and to answer.")),
        **together(
            "reported_on report settled_on settled_by",
            _hidden(_("What somebody reported about it"), _("So that somebody looks into it."), readers=(VOLUNTEERS,)),
        ),
        **together(
            "id conversation is_answer by at form_token",
            _both(_("Who said it, and when"), _("So that the two can follow each other.")),
        ),
    },
)

BLOCK = DataInventory(
    subject=Subject.WRITERS,
    title=_("Senders whose words a representative does not want"),
    purpose=_("So that a representative need not read what hurts them."),
    goes=(_("When the representative takes it back, or their account is removed."),),
    erasure_rules=(
        ErasureRule(
            of=OF_A_MEMBER,
            what=_("If a representative asked not to be passed your words, the fingerprint of your address for that"),
            rows=same("sender_index", "email_index"),
            stays=RetentionException(
                why=_("It protects somebody else. We do not say whether there is one."),
                until=_("until the representative takes it back"),
                is_told_always=True,
            ),
            by_address=True,
        ),
    ),
    fields={
        "sender_index": _hidden(_("A fingerprint of the sender’s address"), _("Knows it without keeping it.")),
        **together(
            "id user since",
            DataField(_("Whose choice it is, and since when"), _("So that they can take it back."), is_personal=True),
        ),
    },
)


def _offers_that_are_over(now, days):
    """Declined, or talked about, that long ago. One that was taken up stays on its list until someone has talked."""
    day = now.date() - timedelta(days=days)
    return Q(decided_on__lte=day) & ~Q(state="taken_up", talked_on=None) & (Q(talked_on=None) | Q(talked_on__lte=day))


OFFER = DataInventory(
    subject=Subject.WRITERS,
    title=_("An offer to represent a place, or to start a chapter"),
    purpose=_("To read it and to answer you."),
    goes=(
        RetentionRule(
            "OFFER_DAYS", _("%(days)s after a volunteer said no, or talked with you."), _offers_that_are_over
        ),
        _("At once when you withdraw as a member, if you made it there, or with the same address."),
    ),
    tombstone="O-",
    erasure_rules=(
        ErasureRule(of=OF_A_MEMBER, what=_("Offers you made as a member"), rows=same("member_number", "number")),
        ErasureRule(
            of=OF_A_MEMBER,
            what=_("Offers you made with the same address"),
            rows=same("email_index", "email_index"),
            by_address=True,
            otherwise=TimeLimit("OFFER_DAYS", _("%(days)s after a volunteer said no to each, or talked with you")),
        ),
    ),
    fields={
        **together("id number", _mine(_("A number"), _("Names it where none of your words should stand."))),
        "name": _mine(_("The name to use"), _("So that we can greet you. Any name will do.")),
        "email": _mine(_("Your e-mail address"), _("So that we can answer, if you said that it is safe.")),
        "email_index": _hidden(
            _("A fingerprint of your address"), _("Finds what is yours when you want everything gone.")
        ),
        "member_number": _mine(_("Your number as a member"), _("Finds what is yours when you want everything gone.")),
        **together(
            "words chapter_name area languages rhythm country region chapter kind",
            _mine(_("What you offer, in your words"), _("So that somebody can say yes.")),
        ),
        **together(
            "contact language", _mine(_("How we may answer you, and your language"), _("So that an answer is safe."))
        ),
        **together("code_hash form_token flag_reason version", _code_and_form),
        **together(
            "state received_on decided_on decided_by talked_on",
            _mine(_("How far it has come, and who decided"), _("So that nobody waits too long.")),
        ),
    },
)
