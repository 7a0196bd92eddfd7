"""What is kept of people who write to the coalition."""

from functools import partial

from django.utils.translation import gettext_lazy as _

from s4jr.erasure.rules import (
    DataField,
    DataInventory,
    ErasureRule,
    Reader,
    RetentionRule,
    Subject,
    TimeLimit,
    by_day,
    same,
    together,
)

_hidden = partial(DataField, is_personal=True)
_read = partial(DataField, is_personal=True, readers=(Reader.YOU, Reader.ANSWERING))

INQUIRY = DataInventory(
    subject=Subject.WRITERS,
    title=_("A message to the coalition"),
    purpose=_("To read it and to answer you."),
    goes=(
        RetentionRule("INQUIRY_DAYS", _("%(days)s after the last word, yours or ours."), by_day("last_word_on")),
        _("At once when you withdraw as a member with a link from a letter, if you wrote with the same address."),
    ),
    erasure_rules=(
        ErasureRule(
            of=("members.member",),
            what=_("Messages you sent us with the same address"),
            rows=same("email_index", "email_index"),
            by_address=True,
            otherwise=TimeLimit("INQUIRY_DAYS", _("%(days)s after the last word in each")),
        ),
    ),
    fields={
        **together("id number", _read(_("A number"), _("Names your message where none of your words should stand."))),
        **together(
            "topic chapter state deadline",
            _read(
                _("The topic, the chapter it is about, your deadline, and whether it was answered"),
                _("So that the right people read it in time."),
            ),
        ),
        "contact": _read(_("How we may answer you"), _("So that we never write where it is not safe.")),
        "name": _read(_("The name to use"), _("So that we can greet you. Any name will do.")),
        "email": _read(_("Your e-mail address"), _("So that we can answer, if you said that it is safe.")),
        "email_index": _hidden(
            _("A fingerprint of your address"), _("Finds what is yours when you want everything gone.")
        ),
        "language": _read(_("Your language"), _("Our answer is in it.")),
        "readers": _hidden(
            _("Who may read it, where it is about safety or conduct"),
            _("So that nobody reads it of whom you said they should not."),
        ),
        **together(
            "code_hash form_token flag_reason",
            _hidden(
                _("A fingerprint of your code, and the mark of the form you sent"),
                _("Knows your code again, and makes one message of a form that is sent twice."),
            ),
        ),
        **together(
            "received_on last_word_on turn",
            _read(
                _("The days of the first and the last word, and how many there were"),
                _("So that everything goes in time."),
            ),
        ),
    },
)

INQUIRY_WORD = DataInventory(
    subject=Subject.WRITERS,
    title=_("What was said in it"),
    purpose=_("To read it and to answer you."),
    goes=(_("With the message it belongs to."),),
    erasure_rules=(
        ErasureRule(
            of=("members.inquiry",),
            what=_("What was written in those messages, by you and by us"),
            rows=same("inquiry"),
        ),
    ),
    fields={
        "words": _read(_("The words"), _("To read them, and to answer.")),
        **together(
            "id inquiry is_ours by at form_token",
            DataField(
                _("Who of us answered, and when"), _("So that somebody answers for it."), readers=(Reader.ANSWERING,)
            ),
        ),
    },
)
