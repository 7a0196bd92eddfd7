"""What is kept of who opened or changed which record."""

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
    title=_("Who opened or changed what"),
    purpose=_("So that an admin who looks where they should not can be found."),
    goes=(TimeLimit("ACCESS_LOG_DAYS", _("%(days)s after it was written, a whole day at a time.")),),
    erasure_rules=(
        ErasureRule(
            of=CAN_BE_ERASED,
            what=_("Your number in the list of who opened or changed what, with the reason they gave"),
            rows=same_record("object_kind", "object_id"),
            stays=RetentionException(
                why=_("If somebody misused what you told us, this is how it is found. What you told us is not in it."),
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
                _("So that each answers for what they do."),
                readers=(Reader.VOLUNTEERS,),
            ),
        ),
        **together(
            "object_kind object_id",
            DataField(
                _("The number of the person it was about"),
                _("So that you can ask who opened your details."),
                readers=(Reader.VOLUNTEERS,),
                is_personal=True,
            ),
        ),
        "field_names": DataField(
            _("Names of the boxes that were opened, such as “message”. Never what was in them"),
            _("Shows how much was seen."),
            readers=(Reader.VOLUNTEERS,),
        ),
        "reason": DataField(
            _("The reason the admin gave"),
            _("So that others can judge it."),
            readers=(Reader.VOLUNTEERS,),
            is_personal=True,
        ),
        **together("id uuid hmac", DataField(_("A checksum"), _("Shows if somebody changed the list afterwards."))),
    },
)


CHECKPOINT = DataInventory(
    subject=Subject.NOBODY,
    title=_("Checksums of who opened what, one for each day"),
    purpose=_("Shows if somebody changed that list afterwards."),
    goes=(_("It stays: it holds numbers of lines and checksums."),),
    fields=together(
        "id day first last count hmac dropped_hmac",
        DataField(
            _("The day, how many lines it had, and checksums"),
            _("Shows if a line is missing."),
            readers=(Reader.VOLUNTEERS,),
        ),
    ),
)
