"""Whether the owner of a mailbox chose discreet emails, whichever of its spellings somebody typed into a form."""

from collections.abc import Iterable

from django.db import connection

from members.models import Member
from s4jr.mail.mailbox import Mailbox

#: How an application at any spelling of a mailbox is found, each by an index of its own.
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
    """The `to_index` of those whose emails are discreet, in one statement that looks for one row at a time.

    Of who has shown that the mailbox is theirs, anyone who chose discretion decides for all its spellings, also who has
    left or was answered "not now": a stranger's application that the owner confirms by mistake takes nothing from it.
    Else who is with us at this very address decides. Until somebody is, whoever asked for more quiet does.
    """
    asked = sorted(set(mailboxes))
    with connection.cursor() as cursor:
        cursor.execute(_statement(len(asked)), [index for mailbox in asked for index in mailbox])
        return {to_index for (to_index,) in cursor.fetchall()}


def _statement(count):
    settled = f"status IN ({', '.join(repr(status.value) for status in Member.LIVE)})"
    # One by one: of several statuses at once the database reads every application in a flood at this address.
    proved = [settled, *(f"status = '{status.value}'" for status in Member.GONE)]
    discreet = f"contact = '{Member.Contact.DISCREET.value}'"
    return STATEMENT.format(
        mailboxes=", ".join(["(%s, %s, %s)"] * count),
        settled_discreet=" OR ".join(_any_row(f"{discreet} AND {one}", AT_ANY_SPELLING) for one in proved),
        settled_here=_any_row(settled, AT_ANY_SPELLING[:1]),
        discreet=_any_row(discreet, AT_ANY_SPELLING),
    )


def _any_row(condition, places):
    return " OR ".join(ROW.format(place=place, condition=condition) for place in places)
