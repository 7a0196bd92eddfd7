"""What the tables of Django and allauth hold of people, in the same words as ours: `OTHERS`, by model."""

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
_with_the_account = (_("When the account is removed."),)


def _edits_about(people):
    meta = people[0]._meta
    kind = Q(content_type__app_label=meta.app_label, content_type__model=meta.model_name)
    return kind & Q(object_id__in=[str(person.pk) for person in people])


EDITS = DataInventory(
    subject=Subject.STAFF,
    title=_("What you changed on the pages for admins"),
    purpose=_("So that admins see what happened last."),
    goes=(RetentionRule("ACCESS_LOG_DAYS", _("%(days)s after the change."), by_moment("action_time")),),
    erasure_rules=(ErasureRule(of=CAN_BE_ERASED, what=_("Notes of what admins changed about you"), rows=_edits_about),),
    fields={
        **together(
            "id user action_time action_flag",
            _theirs(_("Which admin, when, and what they did"), _("So that each answers for what they do.")),
        ),
        **together(
            "content_type object_id object_repr change_message",
            _theirs(_("What it was about, by its number"), _("So that the change can be found. It holds no words.")),
        ),
    },
)

SECOND_FACTOR = DataInventory(
    subject=Subject.STAFF,
    title=_("Your second step for signing in"),
    purpose=_("So that a stolen password opens nothing."),
    goes=_with_the_account,
    fields=together(
        "id user type data created_at last_used_at",
        _theirs(_("Your passkeys, or the seed of your app’s codes, and when they were used"), _("Checks them.")),
    ),
)

_empty = DataField(
    _("Nothing: a table that stays empty"), _("The software brings it; your address is kept elsewhere, locked.")
)


def _unused(fields):
    return DataInventory(
        subject=Subject.NOBODY,
        title=_("Tables that stay empty"),
        purpose=_("The software brings them; we do not use them."),
        goes=(_("There is nothing in them."),),
        fields=together(fields, _empty),
    )


def _of_the_software(title, fields):
    return DataInventory(
        subject=Subject.NOBODY,
        title=title,
        purpose=_("The software needs it to know who may do what."),
        goes=(_("It stays: it names nobody."),),
        fields=together(fields, DataField(_("Names of roles, rights and tables"), _("Says what each role may do."))),
    )


OTHERS = {
    "admin.logentry": EDITS,
    "mfa.authenticator": SECOND_FACTOR,
    "account.emailaddress": _unused("id user email verified primary"),
    "account.emailconfirmation": _unused("id email_address created sent key"),
    "auth.group": _of_the_software(_("Roles of admins"), "id name permissions"),
    "auth.permission": _of_the_software(_("Rights of roles"), "id name content_type codename"),
    "contenttypes.contenttype": _of_the_software(_("Names of tables"), "id app_label model"),
}

_counts = DataField(_("How often it was tried, and a fingerprint of the connection"), _("Counts without knowing who."))

#: What is kept elsewhere than in the table of a model.
BESIDE_THE_TABLES = [
    DataInventory(
        subject=Subject.MEMBERS,
        title=_("Backups of the whole site"),
        purpose=_("So that nothing is lost when a machine breaks. What is locked here is locked in them."),
        goes=(
            TimeLimit("BACKUP_DAYS", _("%(days)s after it was made, at the latest.")),
            _("Who was erased since is erased again when one is restored."),
        ),
        fields={},
    ),
    DataInventory(
        subject=Subject.NOBODY,
        title=_("Counts of tries to sign in"),
        purpose=_("So that nobody can guess a password."),
        goes=(_("Within two days."),),
        fields=together("cache_key value expires", _counts),
    ),
]
