"""Ages every email, application and link at once, without changing the clock."""

from datetime import date, timedelta

from django.db.models import CharField, Value
from django.db.models.functions import Cast, Concat

from members.models import Member, MemberLink
from s4jr.mail.models import OutgoingEmail

#: The timestamps that move into the past.
MOMENTS = {
    OutgoingEmail: ("created_at",),
    Member: ("list_due_at", "confirm_until", "agreed_at", "received_on", "decided_at"),
    MemberLink: ("created_at", "expires_at"),
}


def let_pass(time):
    """Ages all rows by that much. A list from today moves to another day, so its key changes, too."""
    for model, names in MOMENTS.items():
        for row in model.objects.values("pk", *names):
            moved = {name: _earlier(row[name], time) for name in names if row[name]}
            model.objects.filter(pk=row["pk"]).update(**moved)
    earlier = Concat(Value("earlier:"), Cast("id", CharField()))
    OutgoingEmail.objects.filter(dedupe_key__startswith="confirm-list").update(dedupe_key=earlier)


def _earlier(value, time):
    return value - timedelta(days=time.days) if type(value) is date else value - time
