"""Fictional rows of each kind, and signed-in users, for a site under attack."""

from django.test import Client

from s4jr.security.status_code import code_of_form
from tests import cast, make
from tests.chapters import cast as places
from tests.chapters.meetings import meetings
from tests.chapters.representative_messages import cast as messages
from tests.chapters.representatives import people as desk
from tests.members.inquiries import people as inquiries


class Cast:
    """Creates the rows.

    `value_of(route)` returns the parameters of a URL that leads to one of them.
    """

    def __init__(self):
        self.member = cast.waiting()
        self.staff, self.desk, self.visitor = Client(), Client(), Client()
        self.admin = make.signed_in_staff(self.staff)
        self.term = desk.signed_in_representative(self.desk)
        self.chapter = places.chapter()
        self.message = messages.message(self.term)
        self.inquiry = inquiries.written()
        self.series = meetings.series()
        self.meeting = meetings.make_meeting()
        self.visitor.post("/my-details/", {"code": code_of_form(self.member.form_token)})

    def jars(self):
        """The cookie headers of all signed-in users."""
        return [{name: cookie.value for name, cookie in client.cookies.items()} for client in self._clients()]

    def _clients(self):
        clients = [self.staff, self.desk, self.visitor]
        for client in clients:
            client.get("/my-details/")  # a form: it sets the CSRF token to compare with forged ones
        return clients

    def still_signed_in(self):
        """Returns (client, own page) of each; if an attack ends these sessions, it meets only login pages."""
        return [(self.staff, "/manage/"), (self.desk, "/account/2fa/"), (self.visitor, "/my-details/all/show/")]

    def values_of(self, route):
        """Returns the parameters of a route that lead to a row, or None if there is no such row."""
        found = [row for beginning, row in self._rows() if route.removeprefix("/").startswith(beginning)]
        return found[0] if found else None

    def _rows(self):
        term, meeting = self.term.pk, self.meeting.pk
        return [
            ("manage/members/member/<int:pk>/<str:word>", [self.member.pk, "approve"]),
            ("manage/members/member/<", [self.member.pk]),
            ("manage/members/inquiry/<", [self.inquiry.pk]),
            ("manage/chapters/representativemessage/<", [self.message.pk]),
            ("manage/chapters/representative/<", [term]),
            ("manage/chapters/chapter/<", [self.chapter.pk]),
            ("manage/content/textblock/<", [1]),
            ("words/<", ["pages/our-why"]),
            ("meetings/<", [meeting]),
            ("my-details/meetings/<", [meeting]),
            ("desk/meetings/meeting/<", [meeting]),
            ("desk/meetings/<", [self.series.pk]),
            ("desk/messages/<", [self.message.pk]),
            ("desk/<uuid:term>/first/<slug:step>", [term, "card"]),
            ("desk/<uuid:term>", [term]),
            ("my-details/change/<", ["name"]),
            ("my-details/press/<", ["pause"]),
            ("chapters/<", [self.chapter.slug]),
            ("representatives/<", [term]),
        ]
