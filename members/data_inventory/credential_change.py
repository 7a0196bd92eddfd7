"""The data inventory of credentials created with an email link alone, and of the addresses they replaced."""

from functools import partial

from django.utils.translation import gettext_lazy as _

from s4jr.erasure.rules import DataField, DataInventory, ErasureRule, Reader, Subject, TimeLimit, same, together

_yours = partial(DataField, is_personal=True, readers=(Reader.YOU,))
_hidden = partial(DataField, is_personal=True)

CREDENTIAL_CHANGE = DataInventory(
    subject=Subject.MEMBERS,
    title=_("A new way to open your information"),
    purpose=_("So that someone who can open your inbox can’t lock you out with an email link alone."),
    goes=(
        TimeLimit("CREDENTIAL_CHANGE_DAYS", _("Deleted %(days)s after it was made, when it replaces the earlier one.")),
        _("Deleted right away when you cancel it."),
    ),
    erasure_rules=(
        ErasureRule(
            of=("members.member",),
            what=_("A new code, secret word, calendar address or email address"),
            rows=same("member"),
        ),
    ),
    fields={
        **together(
            "id member kind shows made_at",
            _yours(_("What was made, and when"), _("So that you see it each time you visit.")),
        ),
        "earlier_email": _hidden(
            _("The email address you had before"),
            _("So that your code or secret word can put it back. No one sees it, and we send no email there."),
        ),
        "value_hash": _hidden(
            _("A fingerprint of the new one"), _("So that the site can check it. Only the fingerprint is kept here.")
        ),
    },
)
