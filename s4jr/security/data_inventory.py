"""Data inventory of rate limits."""

from django.utils.translation import gettext_lazy as _

from s4jr.erasure.rules import (
    DataField,
    DataInventory,
    Subject,
    together,
)

RATE_LIMIT = DataInventory(
    subject=Subject.NOBODY,
    title=_("How often something was tried"),
    purpose=_("So that no one can guess codes or passwords, or flood the site."),
    goes=(_("Deleted within an hour after its time is over, and within two days at most."),),
    fields=together(
        "id name key period count expires_at",
        DataField(
            _("What was tried, how often, and a fingerprint of the connection it came from"),
            _("So that the site can count without knowing who. We don’t keep the connection’s address itself."),
        ),
    ),
)
