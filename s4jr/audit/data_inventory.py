"""Data inventory of the access log."""

from django.utils.translation import gettext_lazy as _

from s4jr.erasure.rules import (
    CAN_BE_ERASED,
    DataField,
    DataInventory,
    ErasureRule,
    Reader,
    RetentionException,
    Subject,
    TimeLimit,
    same_record,
    together,
)

ACCESS_LOG = DataInventory(
    subject=Subject.MEMBERS,
    title=_("The access log: who opened or changed what"),
    purpose=_("So that we can find an admin who looks where they shouldn’t."),
    goes=(TimeLimit("ACCESS_LOG_DAYS", _("Deleted %(days)s after it was written, one whole day at a time.")),),
    erasure_rules=(
        ErasureRule(
            of=CAN_BE_ERASED,
            what=_("Your number in the access log (who opened or changed what), with the reason they gave"),
            rows=same_record("object_kind", "object_id"),
            stays=RetentionException(
                why=_(
                    "So that we can find out if someone misused what you told us. What you told us isn’t in the log."
                ),
                until=TimeLimit("ACCESS_LOG_DAYS", _("%(days)s after each entry")),
                since="at",
            ),
        ),
    ),
    fields={
        **together(
            "who user_id at action budget",
            DataField(
                _("Which admin, when, and what they did"),
                _("So that each admin is accountable for what they do."),
                readers=(Reader.VOLUNTEERS,),
            ),
        ),
        **together(
            "object_kind object_id",
            DataField(
                _("The number of the person it was about"),
                _("So that you can ask who opened your information."),
                readers=(Reader.VOLUNTEERS,),
                is_personal=True,
            ),
        ),
        "field_names": DataField(
            _("The names of the fields that were opened, such as “message”; never what was in them"),
            _("So that we can see how much was opened."),
            readers=(Reader.VOLUNTEERS,),
        ),
        "reason": DataField(
            _("The reason the admin gave"),
            _("So that others can judge it."),
            readers=(Reader.VOLUNTEERS,),
            is_personal=True,
        ),
        **together(
            "id uuid hmac", DataField(_("A checksum"), _("So that we notice if someone changed the log afterward."))
        ),
    },
)


CHECKPOINT = DataInventory(
    subject=Subject.NOBODY,
    title=_("Daily checksums of the access log"),
    purpose=_("So that we notice if someone changed that log afterward."),
    goes=(_("Kept. It holds line numbers and checksums."),),
    fields=together(
        "id day first last count hmac dropped_hmac",
        DataField(
            _("The day, how many lines it had, and checksums"),
            _("So that we notice if a line is missing."),
            readers=(Reader.VOLUNTEERS,),
        ),
    ),
)
