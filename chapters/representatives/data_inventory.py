"""The data inventory of what representatives leave, preview and write to each other. Their profile is in
`chapters.data_inventory`."""

from functools import partial

from django.utils.translation import gettext_lazy as _

from s4jr.erasure.rules import DataField, DataInventory, Reader, RetentionRule, Subject, by_day, together

_of_admins = partial(DataField, is_personal=True, readers=(Reader.YOU, Reader.VOLUNTEERS))
_of_colleagues = partial(DataField, is_personal=True, readers=(Reader.YOU, Reader.COLLEAGUES))

STEP_DOWN = DataInventory(
    subject=Subject.STAFF,
    title=_("If you stop representing a place or chapter"),
    purpose=_("So that the coalition can thank you and find a new representative."),
    goes=(RetentionRule("HANDOVER_DAYS", _("Deleted %(days)s after you stepped down."), by_day("on")),),
    fields={
        **together(
            "note has_note",
            DataField(
                _("The note you left, if you wrote one"),
                _("So that the next representative can carry on."),
                readers=(Reader.YOU, Reader.COLLEAGUES, Reader.VOLUNTEERS),
                is_personal=True,
            ),
        ),
        **together(
            "id term on settled_on",
            _of_admins(
                _("Which term you ended, and when"), _("So that someone can thank you and find a new representative.")
            ),
        ),
    },
)

PHOTO_DRAFT = DataInventory(
    subject=Subject.STAFF,
    title=_("A photo you chose and haven’t saved yet"),
    purpose=_("So that you don’t have to choose it again after a preview."),
    goes=(_("Deleted when you save your profile, and within two hours in any case."),),
    fields=together(
        "id term photo made_at",
        DataField(
            _("The photo, and when you chose it"), _("So that you see your profile with it."), readers=(Reader.YOU,),
            is_personal=True,
        ),
    ),
)  # fmt: skip

GROUP_MESSAGE = DataInventory(
    subject=Subject.STAFF,
    title=_("A message you wrote to all representatives"),
    purpose=_("So that representatives can help each other without seeing anyone’s address."),
    goes=(
        RetentionRule("CONVERSATION_DAYS", _("Deleted %(days)s after you sent it."), by_day("sent_on")),
        _("Deleted right away when you delete it, or when your account is removed."),
    ),
    fields={
        "words": _of_colleagues(_("The text"), _("So that the other representatives can read it.")),
        **together(
            "id term sent_on form_token",
            _of_colleagues(_("Which representative sent it, and on which day"), _("So that readers know who asks.")),
        ),
    },
)
