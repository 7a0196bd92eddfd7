"""What is kept of the texts of the site and of who changed them."""

from django.utils.translation import gettext_lazy as _

from s4jr.erasure.rules import DataField, DataInventory, Reader, Subject, together

_changed = DataField(
    _("Which admin changed it, and when"),
    _("So that they can be asked."),
    readers=(Reader.VOLUNTEERS,),
    is_personal=True,
)

TEXT_BLOCK = DataInventory(
    subject=Subject.STAFF,
    title=_("Texts of this site that you changed"),
    purpose=_("So that admins can mend a text, and take it back."),
    goes=(_("As long as the text is on the site; your name in it, when your account is removed."),),
    fields={
        **together(
            "id key language edit edited_from is_hidden",
            DataField(_("The text"), _("It is what readers see."), readers=(Reader.PUBLIC,)),
        ),
        **together("updated_at updated_by", _changed),
    },
)

REVISION = DataInventory(
    subject=Subject.STAFF,
    title=_("Earlier texts of this site"),
    purpose=_("So that a change can be taken back."),
    goes=(_("As long as the text is on the site; your name in it, when your account is removed."),),
    fields={
        **together(
            "id text_block text", DataField(_("The earlier text"), _("To go back to it."), readers=(Reader.VOLUNTEERS,))
        ),
        **together("replaced_at replaced_by", _changed),
    },
)

CACHE_VERSION = DataInventory(
    subject=Subject.NOBODY,
    title=_("Which edition of the pages is current"),
    purpose=_("So that a change of a text is seen everywhere within a second."),
    goes=(_("Never: it is one number, and about nobody."),),
    fields=together("id name", DataField(_("The edition"), _("To tell an old page from a new one."))),
)
