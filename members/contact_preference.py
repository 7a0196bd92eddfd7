"""Tells whether the owner of a mailbox chose discreet emails, whichever spelling of its address a form got."""

from collections.abc import Iterable

from django.db import connection

from members.models import Member
from s4jr.mail.mailbox import Mailbox

#: Conditions that find an application at any spelling of a mailbox. Each uses its own database index.
AT_ANY_SPELLING = (
    "email_index = asked.to_index",
    "email_index = asked.untagged",
    "limit_index = asked.untagged",
    "limit_index = asked.tagged",
)
STATEMENT = """
    WITH asked (to_index, untagged, tagged) AS (VALUES {mailboxes})
    SELECT to_index FROM asked WHERE {settled_discreet} OR (NOT {settled_here} AND ({discreet}))"""
ROW = "EXISTS (SELECT 1 FROM members_member WHERE {place} AND {condition})"


def discreet_among(mailboxes: Iterable[Mailbox]) -> set[str]:
    """Returns the `to_index` of the mailboxes whose emails are discreet, in one statement of single-row lookups.

    Among people who proved the mailbox is theirs, anyone who chose discreet emails decides for all its spellings, even
    if they left or were answered "not now": a stranger's application that the owner confirms by mistake changes
    nothing. Otherwise the member at this exact address decides. Until there is one, any application that asked for
    discreet emails decides.
    """
    asked = sorted(set(mailboxes))
    with connection.cursor() as cursor:
        cursor.execute(_statement(len(asked)), [index for mailbox in asked for index in mailbox])
        return {to_index for (to_index,) in cursor.fetchall()}


def _statement(count: int) -> str:
    settled = f"status IN ({', '.join(repr(status.value) for status in Member.LIVE)})"
    # One status each: for several at once, the database reads every application of a flood at this address.
    proved = [settled, *(f"status = '{status.value}'" for status in Member.GONE)]
    discreet = f"contact = '{Member.Contact.DISCREET.value}'"
    return STATEMENT.format(
        mailboxes=", ".join(["(%s, %s, %s)"] * count),
        settled_discreet=" OR ".join(_any_row(f"{discreet} AND {one}", AT_ANY_SPELLING) for one in proved),
        settled_here=_any_row(settled, AT_ANY_SPELLING[:1]),
        discreet=_any_row(discreet, AT_ANY_SPELLING),
    )


def _any_row(condition: str, places: tuple[str, ...]) -> str:
    return " OR ".join(ROW.format(place=place, condition=condition) for place in places)
