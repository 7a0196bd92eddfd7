"""The data inventory of the counts of members."""

from django.utils.translation import gettext_lazy as _

from s4jr.erasure.rules import DataField, DataInventory, Reader, Subject, together

MEMBERSHIP_COUNT = DataInventory(
    subject=Subject.NOBODY,
    title=_("How many members there are"),
    purpose=_("So that we can see how the coalition grows, and what help people offer."),
    goes=(_("Counted again each night. Numbers under five aren’t kept."),),
    fields=together(
        "id kind key count counted_at",
        DataField(
            _("How many members there are, where they live, when they were approved, and which help they offered"),
            _("So that no one has to open records to know it."),
            readers=(Reader.VOLUNTEERS,),
        ),
    ),
)
