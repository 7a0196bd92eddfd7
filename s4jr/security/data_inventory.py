"""What is kept to count how often something was tried."""

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
    goes=(_("Within an hour after its time is over, at most two days."),),
    fields=together(
        "id name key period count expires_at",
        DataField(
            _("What was tried, how often, and a fingerprint of the connection it came from"),
            _("Counts without knowing who. The connection’s address itself is not kept."),
        ),
    ),
)
