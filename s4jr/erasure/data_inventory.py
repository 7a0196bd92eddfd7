"""What is left of an erased record."""

from django.utils.translation import gettext_lazy as _

from s4jr.erasure.rules import (
    CAN_BE_ERASED,
    DataField,
    DataInventory,
    ErasureRule,
    RetentionException,
    RetentionRule,
    Subject,
    TimeLimit,
    by_day,
    same_tombstone,
    together,
)

TOMBSTONE = DataInventory(
    subject=Subject.MEMBERS,
    title=_("A number and a day for each who is gone"),
    purpose=_("If a backup is ever restored, these numbers are erased from it again."),
    goes=(RetentionRule("TOMBSTONE_DAYS", _("%(days)s after the erasing: no backup is as old."), by_day("erased_on")),),
    erasure_rules=(
        ErasureRule(
            of=CAN_BE_ERASED,
            what=_("Your number and the day"),
            rows=same_tombstone("number"),
            stays=RetentionException(
                why=_("Should a backup be restored, it says who must be erased from it again."),
                until=TimeLimit("TOMBSTONE_DAYS", _("%(days)s after the erasing")),
                since="erased_on",
            ),
        ),
    ),
    fields={
        **together(
            "id number",
            DataField(
                _("A number that names nobody any more"), _("Is erased again after a restore."), is_personal=True
            ),
        ),
        "erased_on": DataField(_("The day"), _("So that it goes itself.")),
    },
)
