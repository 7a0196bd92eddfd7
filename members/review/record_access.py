"""Which fields of a member each page of the desk opens, and who opened whom.

Opening itself is `s4jr.audit.record_access`.
"""

from django.db.models import Exists, OuterRef

from members.querysets import MemberQuerySet
from members.review.versions import of_this_version, openings_by
from s4jr.accounts.models import User

#: What is read before deciding. The relation (survivor, ally) is not for who decides.
FACTS = ["name", "pronouns", "region", "contact", "language"]
THEIR_WORDS = ["ways_to_help", "access_needs", "message"]
#: What the record shows.
RECORD = ["name", "pronouns", "place", "email", "contact", "language", *THEIR_WORDS]
#: What the pages of "not now" and of stepping back show.
PARTING = ["name", "reason", "parting_email"]
#: So many unopened records are named to somebody; more than that nobody would go and open one by one.
NAMED_AT_MOST = 50


def never_opened(user: User, members: MemberQuerySet) -> list[str]:
    """The first NAMED_AT_MOST numbers among `members` (a QuerySet) that this person has not opened as they are now."""
    opened = openings_by(user, OuterRef("number")).filter(**of_this_version())
    unopened = members.filter(~Exists(opened)).order_by("number")
    return list(unopened.values_list("number", flat=True)[:NAMED_AT_MOST])
