"""The data inventory of what members share with representatives."""

from django.utils.translation import gettext_lazy as _

from members.data_inventory.member import OF_A_MEMBER
from s4jr.erasure.rules import DataField, DataInventory, ErasureRule, Reader, Subject, same, together

SHARING = DataInventory(
    subject=Subject.MEMBERS,
    title=_("What you let representatives see"),
    purpose=_(
        "So that they see only what you choose. If you choose nothing, they see nothing. You can "
        "change your mind at any time."
    ),
    goes=(_("Deleted right away when you stop sharing, leave, or delete your information."),),
    erasure_rules=(ErasureRule(of=OF_A_MEMBER, what=_("What you let representatives see"), rows=same("member")),),
    fields=together(
        "id member region chapter fields since",
        DataField(
            _("What they may see, where, and since when"),
            _("So that they see what you chose, and no more."),
            readers=(Reader.YOU, Reader.REPRESENTATIVE),
            is_personal=True,
        ),
    ),
)
