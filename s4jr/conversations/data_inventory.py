"""Data inventory of saved replies."""

from django.utils.translation import gettext_lazy as _

from s4jr.erasure.rules import DataField, DataInventory, Reader, Subject, together

SAVED_REPLY = DataInventory(
    subject=Subject.NOBODY,
    title=_("Texts that admins use again in their answers"),
    purpose=_("So that no one has to write the same answer twice."),
    goes=(_("Deleted when an admin deletes it. It’s about no one."),),
    fields=together(
        "id title language text",
        DataField(_("The text and its title"), _("So that admins find it."), readers=(Reader.VOLUNTEERS,)),
    ),
)
