"""Records with a canary in every encrypted field, one for each kind that admins open, and a crawl that looks for them.

Everything that an admin page shows of a record must have been opened, logged and counted (THREATS 50).
"""

import html
from dataclasses import dataclass

from django.contrib import admin
from django.db import transaction
from django.db.models import Q
from django.urls import NoReverseMatch, reverse

from chapters.models import ConversationMessage, RepresentativeMessage
from members.notes.services import add_note
from s4jr.audit.models import AccessLog
from s4jr.audit.services import log_access
from s4jr.crypto.fields import encrypted_fields
from tests import cast, make
from tests.chapters.representative_messages import cast as messages
from tests.chapters.volunteer_offers.test_views import offered
from tests.members.inquiries import people

#: The last parts of URLs under a member.
WORDS = ("approve", "keep-waiting", "close", "reopen", "undo", "withdraw")
#: Invalid forms: empty, with an unknown version, and far too long.
WRONG = (
    {},
    {"seen": "99", "turn": "99", "version": "99", "words": "", "email": "", "reason": ""},
    {"seen": "x", "version": "x", "words": "x" * 20_000, "reason": "x" * 3000, "email": "x" * 9000, "address": "x"},
)


def canary(row, field):
    return f"canary.{row._meta.model_name}.{field.name}@canary.example"


def with_canaries(row):
    """Fill every encrypted field of the row with a canary; return the row."""
    type(row).objects.filter(pk=row.pk).update(**{field.name: canary(row, field) for field in encrypted_fields(row)})
    row.refresh_from_db()
    return row


class Records:
    """The records; `owners` maps each canary to its record, as the access log names it, and its field."""

    def __init__(self):
        imogen = messages.representative()
        self.member = with_canaries(cast.waiting(ways_to_help="media"))
        self.inquiry = with_canaries(people.written(topic="website"))
        self.message = messages.message(imogen, coalition_may_answer=True)
        RepresentativeMessage.objects.filter(pk=self.message.pk).update(
            taken_over_on="2026-11-01", read_on="2026-11-01"
        )
        self.offer = with_canaries(offered())
        self.user = with_canaries(make.admin("hedda", superuser=False))
        [self.row] = log_access(who="somebody", action="changed", records=[self.member])
        note = with_canaries(add_note(self.member.row, "A note.", by=self.user))
        words = [with_canaries(self.inquiry.said.get()), with_canaries(self.message.said.get())]
        ConversationMessage.objects.update(reported_on="2026-11-01")
        with_canaries(self.message), with_canaries(self.row)
        self.rows = [self.member, self.inquiry, self.message, self.offer, self.user, self.row, words[1]]
        said_in = {words[0]: self.inquiry, words[1]: self.message, note: self.member}
        everything = {row: said_in.get(row, row) for row in (*self.rows, *words, note)}
        self.owners = {
            canary(row, field): (str(getattr(owner, "log_id", owner.pk)), field.name)
            for row, owner in everything.items()
            for field in encrypted_fields(row)
        }

    def in_(self, page):
        """Return the canaries on a page."""
        text = html.unescape(page)
        return sorted(one for one in self.owners if one in text)


def addresses_of(row):
    """Yield every admin URL of this row."""
    model_admin = admin.site._registry[type(row)]
    for pattern in model_admin.get_urls():
        parts = list(pattern.pattern.converters)
        if not parts or not pattern.name:
            continue
        for word in WORDS if "word" in parts else [None]:
            try:
                yield reverse(
                    f"admin:{pattern.name}", kwargs={part: word if part == "word" else row.pk for part in parts}
                )
            except NoReverseMatch:
                continue


@dataclass
class Found:
    """The canaries in a response, and those that the access log does not mention."""

    where: str
    shown: list
    untold: list


class Crawl:
    """Sends requests as one user and rolls each back, so that a record opened by one is closed for the next."""

    def __init__(self, client, user, records):
        self.client, self.user, self.records = client, user, records

    def ask(self, method, address, data=None, *, first=()):
        """`first` lists the requests that come before, as (method, address, data)."""
        cookies = self.client.cookies.copy()
        try:
            with transaction.atomic():
                for how, where, said in first:
                    getattr(self.client, how)(where, said)
                response = getattr(self.client, method)(address, data or {})
                found = self._found(f"{method} {address} {str(data)[:60]}", response)
                transaction.set_rollback(True)
        finally:
            self.client.cookies = cookies
        return found

    def _found(self, where, response):
        assert response.status_code < 500, where
        content = b"".join(response.streaming_content) if response.streaming else response.content
        shown = self.records.in_(content.decode() + str(response.headers))
        counted = Q(action="opened") & ~Q(budget="") | Q(action="exported")
        mine = AccessLog.objects.filter(counted, user_id=self.user.pk)
        told = {(row.object_id, name) for row in mine for name in row.field_names.split()}
        return Found(where, shown, [one for one in shown if self.records.owners[one] not in told])
