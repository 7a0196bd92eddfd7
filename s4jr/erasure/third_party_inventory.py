"""Data inventory of the tables of Django and allauth: `OTHERS`, by model label."""

from functools import partial

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from s4jr.erasure.rules import (
    CAN_BE_ERASED,
    DataField,
    DataInventory,
    ErasureRule,
    Reader,
    RetentionRule,
    Subject,
    TimeLimit,
    by_moment,
    together,
)

_theirs = partial(DataField, is_personal=True, readers=(Reader.YOU, Reader.VOLUNTEERS))
_hidden = partial(DataField, is_personal=True)
_with_the_account = (_("Deleted when the account is removed."),)


def _edits_about(people):
    meta = people[0]._meta
    kind = Q(content_type__app_label=meta.app_label, content_type__model=meta.model_name)
    return kind & Q(object_id__in=[str(person.pk) for person in people])


EDITS = DataInventory(
    subject=Subject.STAFF,
    title=_("What you changed on the admin pages"),
    purpose=_("So that admins can see what happened last."),
    goes=(RetentionRule("ACCESS_LOG_DAYS", _("Deleted %(days)s after the change."), by_moment("action_time")),),
    erasure_rules=(ErasureRule(of=CAN_BE_ERASED, what=_("Notes on what admins changed about you"), rows=_edits_about),),
    fields={
        **together(
            "id user action_time action_flag",
            _theirs(
                _("Which admin, when, and what they did"), _("So that each admin is accountable for what they do.")
            ),
        ),
        **together(
            "content_type object_id object_repr change_message",
            _theirs(_("What it was about, as a number"), _("So that the change can be found. It holds no text.")),
        ),
    },
)

SECOND_FACTOR = DataInventory(
    subject=Subject.STAFF,
    title=_("Your two-step sign-in"),
    purpose=_("So that a stolen password alone opens nothing."),
    goes=_with_the_account,
    fields=together(
        "id user type data created_at last_used_at",
        _theirs(
            _("Your passkeys, or the secret key of your authenticator app, and when they were used"),
            _("So that the site can check them."),
        ),
    ),
)

_empty = DataField(
    _("Nothing: this table stays empty"), _("It comes with the software. Your address is kept elsewhere, encrypted.")
)


def _unused(fields):
    return DataInventory(
        subject=Subject.NOBODY,
        title=_("Tables that stay empty"),
        purpose=_("They come with the software. We don’t use them."),
        goes=(_("Nothing to delete: the tables are empty."),),
        fields=together(fields, _empty),
    )


def _of_the_software(title, fields):
    return DataInventory(
        subject=Subject.NOBODY,
        title=title,
        purpose=_("So that the software knows who may do what."),
        goes=(_("Kept. It doesn’t name anyone."),),
        fields=together(
            fields,
            DataField(_("Names of roles, permissions and tables"), _("So that it’s clear what each role may do.")),
        ),
    )


OTHERS = {
    "admin.logentry": EDITS,
    "mfa.authenticator": SECOND_FACTOR,
    "account.emailaddress": _unused("id user email verified primary"),
    "account.emailconfirmation": _unused("id email_address created sent key"),
    "auth.group": _of_the_software(_("Admin roles"), "id name permissions"),
    "auth.permission": _of_the_software(_("Role permissions"), "id name content_type codename"),
    "contenttypes.contenttype": _of_the_software(_("Names of tables"), "id app_label model"),
}

_counts = DataField(
    _("How often someone tried, and a fingerprint of the connection"),
    _("So that the site can count without knowing who."),
)

#: Data outside the tables of models.
BESIDE_THE_TABLES = [
    DataInventory(
        subject=Subject.MEMBERS,
        title=_("Backups of the whole site"),
        purpose=_(
            "So that nothing is lost if a machine breaks. What’s encrypted here is encrypted in the backups, too."
        ),
        goes=(
            TimeLimit("BACKUP_DAYS", _("Deleted %(days)s after it was made, at the latest.")),
            _("Deleted again after a restore: records that were deleted since the backup was made."),
        ),
        fields={},
    ),
    DataInventory(
        subject=Subject.NOBODY,
        title=_("Counts of sign-in attempts"),
        purpose=_("So that no one can guess a password."),
        goes=(_("Deleted within two days."),),
        fields=together("cache_key value expires", _counts),
    ),
]
