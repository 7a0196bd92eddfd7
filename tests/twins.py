"""Compares two sites that differ in one thing: whether a typed address is known.

A difference between the admin pages of the two reveals something about that address, and must have been counted.
"""

import re
from collections import Counter
from dataclasses import dataclass

from django.contrib import admin
from django.db import transaction
from django.urls import reverse

from s4jr.audit.models import AccessLog
from s4jr.crypto.blind_index import blind_index
from s4jr.mail.models import Suppression
from tests import cast, make
from tests.reading import Page

#: The typed address, and the address of the same row on the site where TYPED is unknown.
TYPED, OTHER = "zenobia@mailbox.example", "somebody.else@mailbox.example"
#: The query string that makes a list show all rows.
ALL = {"Member": "?status=all", "Inquiry": "?state=all", "VolunteerOffer": "?state=all", "Representative": "?term=all"}
#: Random numbers, codes and keys. They have six hexadecimal digits or more, sometimes only letters.
DRAWN = re.compile(r"[0-9a-f]*\d[0-9a-f]*|[0-9a-f]{6,}", re.IGNORECASE)


def a_member(address):
    cast.put(cast.waiting(email=address, name="Zenobia Testperson"), "approved")


def a_stop(address):
    make.stop(blind_index(address), Suppression.Reason.NEVER)


def lists():
    """Return the URL of the admin's first page and of every list, with all rows."""
    found = [reverse("admin:index")]
    for model in admin.site._registry:
        meta = model._meta
        query = ALL.get(meta.object_name, "")
        found.append(reverse(f"admin:{meta.app_label}_{meta.model_name}_changelist") + query)
    return found


@dataclass
class Seen:
    """The text of the pages by URL, and how much of the budget the requests used."""

    said: dict
    spent: int


class Twins:
    def __init__(self, client, user):
        self.client, self.user = client, user

    def answers(self, known, *acts, pages=None):
        """Return the pages that reveal whether TYPED is `known` after `acts` typed it, and the budget used per site.

        `known(address)` creates the one row that differs. An act takes the client and may return responses of its own.
        `pages` are requested afterwards; the default is all lists.
        """
        here, elsewhere = (self._seen(known, address, acts, pages) for address in (TYPED, OTHER))
        telling = [where for where in here.said if here.said[where] != elsewhere.said[where]]
        return telling, (here.spent, elsewhere.spent)

    def _seen(self, known, address, acts, pages):
        cookies, before = self.client.cookies.copy(), self._spent()
        try:
            with transaction.atomic():
                known(address)
                own = {f"{act.__name__} {nth}": page for act in acts for nth, page in enumerate(act(self.client) or ())}
                spent = self._spent() - before
                found = own | {where: self.client.get(where) for where in (lists() if pages is None else pages)}
                seen = Seen({where: said_on(page) for where, page in found.items()}, spent)
                transaction.set_rollback(True)
        finally:
            self.client.cookies = cookies
        return seen

    def _spent(self):
        return AccessLog.objects.filter(user_id=self.user.pk).exclude(budget="").count()


def said_on(response):
    """Count each line of a page, without random values."""
    if not response["Content-Type"].startswith("text/html"):
        return response.status_code, response.get("Location")
    [middle] = Page(response.content.decode()).all(id="container") or [{"text": ""}]
    lines = (DRAWN.sub("#", " ".join(line.split())) for line in middle["text"].splitlines())
    return response.status_code, Counter(line for line in lines if line)
