"""What is kept of announcements."""

from django.utils.translation import gettext_lazy as _

from s4jr.erasure.rules import DataField, DataInventory, Reader, Subject, together

ANNOUNCEMENT = DataInventory(
    subject=Subject.NOBODY,
    title=_("Letters to many"),
    purpose=_("To tell members and representatives what is going on."),
    goes=(_("It stays: it names nobody. The single letters go as all letters do."),),
    fields=together(
        "id audience chapter country region language subject body discreet_subject discreet_body state made_by made_at "
        "started_at meant_for reached written",
        DataField(
            _("What it says, which admin wrote it, which group it is for, and how many letters were written"),
            _("So that everybody it is for gets it once."),
            readers=(Reader.VOLUNTEERS,),
        ),
    ),
)
