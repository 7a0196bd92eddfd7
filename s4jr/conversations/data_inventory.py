"""Data inventory of saved replies."""

from django.utils.translation import gettext_lazy as _

from s4jr.erasure.rules import DataField, DataInventory, Reader, Subject, together

SAVED_REPLY = DataInventory(
    subject=Subject.NOBODY,
    title=_("Texts that admins and representatives use again in their answers"),
    purpose=_("So that no one has to write the same answer twice."),
    goes=(_("Deleted when an admin deletes it. It’s about no one."),),
    fields=together(
        "id title language text audience",
        DataField(
            _("The text, its title and who uses it"),
            _("So that people who answer find it."),
            readers=(Reader.COLLEAGUES, Reader.VOLUNTEERS),
        ),
    ),
)
