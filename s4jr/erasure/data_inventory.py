"""Data inventory of tombstones."""

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
    title=_("A number and a date for each deletion"),
    purpose=_("So that if we ever restore a backup, we delete the records with these numbers from it again."),
    goes=(
        RetentionRule(
            "TOMBSTONE_DAYS", _("Deleted %(days)s after that date. No backup is that old."), by_day("erased_on")
        ),
    ),
    erasure_rules=(
        ErasureRule(
            of=CAN_BE_ERASED,
            what=_("Your number and the date of the deletion"),
            rows=same_tombstone("number"),
            stays=RetentionException(
                why=_("So that we know what to delete again, if we ever restore a backup."),
                until=TimeLimit("TOMBSTONE_DAYS", _("%(days)s after the deletion")),
                since="erased_on",
            ),
        ),
    ),
    fields={
        **together(
            "id number",
            DataField(
                _("A number that no longer names anyone"),
                _("So that we know what to delete again after a restore."),
                is_personal=True,
            ),
        ),
        "erased_on": DataField(_("The date"), _("So that this record is deleted on time, too.")),
    },
)
