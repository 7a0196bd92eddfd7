"""Visitors to a member's information, each with their own browser."""

from urllib.parse import urlsplit

from django.test import Client

from s4jr.mail.models import OutgoingEmail
from tests import cast

WORD = "the heron"
SHOWN = "Something was added or changed with a sign-in link"
ELSEWHERE = "elsewhere@mailbox.example"


class Visitor:
    """A visitor with their own browser."""

    def __init__(self):
        self.client = Client()

    def by_link(self, member):
        OutgoingEmail.objects.filter(kind="open-details").delete()
        self.client.post("/my-details/", {"do": "send_link", "email": member.email})
        [email] = OutgoingEmail.objects.filter(kind="open-details")
        return self.client.post(cast.paths_in(email.body)[0], follow=True).content.decode()

    def by_code(self, code):
        return self.client.post("/my-details/", {"code": code}, follow=True).content.decode()

    def give(self, **said):
        return self.client.post("/my-details/", said, follow=True).content.decode()

    def make_word(self, word=WORD):
        return self.client.post("/my-details/change/word/", {"word": word, "again": word}, follow=True)

    def make_code(self):
        return self.client.post("/my-details/press/new-code/", follow=True).context["code"]

    def make_calendar(self):
        page = self.client.post("/my-details/own-calendar/make/", {"do": "make", "shows": "all"}, follow=True)
        return urlsplit(page.context["address"]).path

    def revoke_calendar(self):
        return self.client.post("/my-details/own-calendar/make/", {"do": "revoke"})

    def never(self):
        return self.client.post("/my-details/change/letters/", {"contact": "none", "language": "en"})

    def ask_for_address(self, email=ELSEWHERE, **said):
        """Requests another address and confirms it with the link in the email to it."""
        OutgoingEmail.objects.filter(kind="confirm-change").delete()
        answer = self.client.post("/my-details/change/address/", {"email": email, **said})
        for email in OutgoingEmail.objects.filter(kind="confirm-change"):
            self.client.post(cast.paths_in(email.body)[0])
        return answer

    def cancel(self):
        return self.client.post("/my-details/press/cancel-changes/", follow=True).content.decode()

    def page(self):
        return self.client.get("/my-details/").content.decode()

    def is_in(self):
        return "Change your information" in self.page()
