"""The data inventory of members who want to hear what begins at their place."""

from django.utils.translation import gettext_lazy as _

from members.data_inventory.member import OF_A_MEMBER
from s4jr.erasure.rules import DataField, DataInventory, ErasureRule, Reader, Subject, same, together

PLACE_ALERT = DataInventory(
    subject=Subject.MEMBERS,
    title=_("Whether you want to hear when something starts at your place"),
    purpose=_("So that we can email you once when your place gets a representative, a chapter or a first meeting."),
    goes=(_("Deleted right away when you turn it off, choose to get no email, leave, or delete your information."),),
    erasure_rules=(
        ErasureRule(of=OF_A_MEMBER, what=_("Your choice to hear what starts at your place"), rows=same("member")),
    ),
    fields=together(
        "id member place told since",
        DataField(
            _("Your place, what is there already, and since when you want to hear"),
            _("So that we email you once about each."),
            readers=(Reader.YOU,),
            is_personal=True,
        ),
    ),
)
