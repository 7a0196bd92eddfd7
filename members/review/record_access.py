"""Which fields of a member each page of the review opens, and who opened which member.

`s4jr.audit.record_access` opens them.
"""

from django.db.models import Exists, OuterRef

from members.querysets import MemberQuerySet
from members.review.versions import of_this_version, openings_by
from s4jr.accounts.models import User

#: What a reviewer reads before a decision. The relation (survivor, ally) is left out.
FACTS = ["name", "pronouns", "region", "contact", "language"]
THEIR_WORDS = ["ways_to_help", "access_needs", "message"]
#: What the record page shows.
RECORD = ["name", "pronouns", "place", "email", "contact", "language", *THEIR_WORDS]
#: What the pages "not now" and "end membership" show.
PARTING = ["name", "reason_kind", "reason", "parting_email"]
#: How many unopened records a message names: nobody would open more than that one by one.
NAMED_AT_MOST = 50


def never_opened(user: User, members: MemberQuerySet) -> list[str]:
    """The first NAMED_AT_MOST numbers of `members` whose current version this user has not opened."""
    opened = openings_by(user, OuterRef("number")).filter(**of_this_version())
    unopened = members.filter(~Exists(opened)).order_by("number")
    return list(unopened.values_list("number", flat=True)[:NAMED_AT_MOST])
