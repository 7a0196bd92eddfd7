"""The data inventory of notes that admins write about a person."""

from functools import partial

from django.utils.translation import gettext_lazy as _

from s4jr.erasure.rules import DataField, DataInventory, ErasureRule, Reader, Subject, same, together

_yours = partial(DataField, is_personal=True, readers=(Reader.YOU, Reader.DECIDING))

NOTE = DataInventory(
    subject=Subject.MEMBERS,
    title=_("Notes that volunteers write about you"),
    purpose=_("So that another volunteer knows what you told one of them, and you don’t have to say it twice."),
    goes=(
        _("Deleted right away when you delete your information, and whenever your request or membership is deleted."),
        _("Deleted if no one answers your request in time."),
        _("The volunteer who wrote a note can delete it earlier."),
    ),
    erasure_rules=(
        ErasureRule(of=("members.member",), what=_("Notes that volunteers wrote about you"), rows=same("member")),
    ),
    fields={
        "note": _yours(
            _("What a volunteer noted about you"),
            _("So that volunteers can follow up. You can read it when you download your information."),
        ),
        **together(
            "id member at form_token",
            _yours(_("Who the note is about, and when it was written"), _("So that it’s clear how old it is.")),
        ),
        "by": DataField(
            _("Which volunteer wrote the note"), _("So that someone is accountable for it."), readers=(Reader.DECIDING,)
        ),
    },
)
