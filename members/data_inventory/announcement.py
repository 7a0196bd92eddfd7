"""The data inventory of announcements."""

from django.utils.translation import gettext_lazy as _

from s4jr.erasure.rules import DataField, DataInventory, Reader, Subject, together

ANNOUNCEMENT = DataInventory(
    subject=Subject.NOBODY,
    title=_("Announcements"),
    purpose=_("So that members and representatives know what’s going on."),
    goes=(_("Kept, because it names no one. Each email sent from it is deleted the same way as our other emails."),),
    fields=together(
        "id audience chapter places ways language subject body discreet_subject discreet_body state made_by made_at "
        "tested_at send_at zone missed_at started_at meant_for skipped shown_range "
        "hides_numbers reached written",
        DataField(
            _(
                "What it says, which admin wrote it, which group it’s for, when it goes out, and how many emails were "
                "written or not"
            ),
            _("So that everyone it’s for gets it once."),
            readers=(Reader.VOLUNTEERS,),
        ),
    ),
)
