"""Data inventory of the site's texts and of who changed them."""

from django.utils.translation import gettext_lazy as _

from s4jr.erasure.rules import DataField, DataInventory, Reader, Subject, together

_changed = DataField(
    _("Which admin changed it, and when"),
    _("So that others can ask them about it."),
    readers=(Reader.VOLUNTEERS,),
    is_personal=True,
)

TEXT_BLOCK = DataInventory(
    subject=Subject.STAFF,
    title=_("Texts on this site that you changed"),
    purpose=_("So that admins can correct a text, and undo a change."),
    goes=(_("Kept as long as the text is on the site. Your name in it is deleted when your account is removed."),),
    fields={
        **together(
            "id key language edit edited_from is_hidden",
            DataField(_("The text"), _("So that readers can see it."), readers=(Reader.PUBLIC,)),
        ),
        **together("updated_at updated_by", _changed),
    },
)

REVISION = DataInventory(
    subject=Subject.STAFF,
    title=_("Earlier versions of this site’s texts"),
    purpose=_("So that a change can be undone."),
    goes=(_("Kept as long as the text is on the site. Your name in it is deleted when your account is removed."),),
    fields={
        **together(
            "id text_block text",
            DataField(_("The earlier text"), _("So that we can go back to it."), readers=(Reader.VOLUNTEERS,)),
        ),
        **together("replaced_at replaced_by", _changed),
    },
)

CACHE_VERSION = DataInventory(
    subject=Subject.NOBODY,
    title=_("Which version of the pages is current"),
    purpose=_("So that a change to a text shows everywhere within a second."),
    goes=(_("Never deleted. It’s one number, and it’s about no one."),),
    fields=together("id name", DataField(_("The version"), _("So that the site can tell an old page from a new one."))),
)
