"""Two sites that differ in one thing: whether an address that is typed is known. What the admin's pages say in one and
not in the other is an answer about that address, and must have been counted as one."""

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

#: What is typed; and the address that the same row has where what is typed is known to nobody.
TYPED, OTHER = "zenobia@mailbox.example", "somebody.else@mailbox.example"
#: What follows a list's address to see all of it.
ALL = {"Member": "?status=all", "Inquiry": "?state=all", "VolunteerOffer": "?state=all", "Representative": "?term=all"}
#: Numbers, codes and keys are drawn by chance. A number has six hexadecimal digits, now and then letters alone.
DRAWN = re.compile(r"[0-9a-f]*\d[0-9a-f]*|[0-9a-f]{6}", re.IGNORECASE)


def a_member(address):
    cast.put(cast.waiting(email=address, name="Zenobia Testperson"), "approved")


def a_stop(address):
    make.stop(blind_index(address), Suppression.Reason.NEVER)


def lists():
    """The address of every list of the admin, as long as it can be, and of the first page."""
    found = [reverse("admin:index")]
    for model in admin.site._registry:
        meta = model._meta
        query = ALL.get(meta.object_name, "")
        found.append(reverse(f"admin:{meta.app_label}_{meta.model_name}_changelist") + query)
    return found


@dataclass
class Seen:
    """What the pages said, by their address, and how much of the budget it took."""

    said: dict
    spent: int


class Twins:
    def __init__(self, client, user):
        self.client, self.user = client, user

    def answers(self, known, *acts, pages=None):
        """Where a page tells whether TYPED is `known`, once `acts` have typed it; and how much that took.

        `known(address)` makes the one row in question. An act is called with the client, and returns the answers that
        it got itself. `pages` are asked for afterwards: all lists, if they are not given.
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
    """How often each line stands on a page, whatever was drawn by chance."""
    if not response["Content-Type"].startswith("text/html"):
        return response.status_code, response.get("Location")
    [middle] = Page(response.content.decode()).all(id="container") or [{"text": ""}]
    lines = (DRAWN.sub("#", " ".join(line.split())) for line in middle["text"].splitlines())
    return response.status_code, Counter(line for line in lines if line)
