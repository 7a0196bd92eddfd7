"""The data inventory of inquiries."""

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
    purpose=_("So that a volunteer can read it and answer you."),
    goes=(
        RetentionRule(
            "INQUIRY_DAYS", _("Deleted %(days)s after the last message, yours or ours."), by_day("last_word_on")
        ),
        _(
            "Deleted right away when you delete your information as a member with a link from our email. "
            "This applies if you wrote from the same address."
        ),
    ),
    erasure_rules=(
        ErasureRule(
            of=("members.member",),
            what=_("Messages you sent us from the same email address"),
            rows=same("email_index", "email_index"),
            by_address=True,
            otherwise=TimeLimit("INQUIRY_DAYS", _("%(days)s after the last message in each conversation")),
        ),
    ),
    fields={
        **together(
            "id number",
            _read(_("A reference number"), _("So that we can refer to your message without using your words.")),
        ),
        **together(
            "topic chapter state deadline",
            _read(
                _("The topic, the chapter it’s about, your deadline, and whether it was answered"),
                _("So that the right people read it in time."),
            ),
        ),
        "contact": _read(_("How we may answer you"), _("So that we never write to you where it isn’t safe.")),
        "name": _read(_("The name to use"), _("So that we can greet you. Any name will do.")),
        "email": _read(_("Your email address"), _("So that we can answer you, if you said it’s safe.")),
        "email_index": _hidden(
            _("A fingerprint of your address"),
            _("So that the site can find what’s yours when you want it all deleted."),
        ),
        "language": _read(_("Your language"), _("So that we answer in your language.")),
        "readers": _hidden(
            _("Who may read it, if it’s about safety or conduct"),
            _("So that no one reads it if you told us they shouldn’t."),
        ),
        **together(
            "claimed_by claimed_on",
            DataField(
                _("Which of us said that they answer it, and when"),
                _("So that two of us don’t write the same answer."),
                _("Emptied when it’s answered or closed, and when that person’s account is removed."),
                readers=(Reader.ANSWERING,),
            ),
        ),
        **together(
            "code_hash form_token flag_reason",
            _hidden(
                _("A fingerprint of your code, and the ID of the form you sent"),
                _("So that the site recognizes your code, and counts a form sent twice as one message."),
            ),
        ),
        **together(
            "received_on last_word_on turn",
            _read(
                _("The dates of the first and last message, and how often something changed"),
                _("So that everything is deleted on time."),
            ),
        ),
    },
)

INQUIRY_WORD = DataInventory(
    subject=Subject.WRITERS,
    title=_("What was written in a message to the coalition"),
    purpose=_("So that a volunteer can read it and answer you."),
    goes=(_("Deleted with the message it belongs to."),),
    erasure_rules=(
        ErasureRule(
            of=("members.inquiry",),
            what=_("What you and we wrote in those messages"),
            rows=same("inquiry"),
        ),
    ),
    fields={
        "words": _read(_("The text"), _("So that the people it’s for can read it and answer.")),
        **together(
            "id inquiry is_answer by at form_token",
            DataField(
                _("Which of us answered, and when"),
                _("So that someone is accountable for it."),
                readers=(Reader.ANSWERING,),
            ),
        ),
    },
)
