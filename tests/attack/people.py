"""What stands on a site that is attacked: a few rows of each kind, and who is signed in. All plainly invented."""

from django.test import Client

from s4jr.security.status_code import code_of_form
from tests import cast, make
from tests.chapters import cast as places
from tests.chapters.meetings import meetings
from tests.chapters.representative_messages import cast as messages
from tests.chapters.representatives import people as desk
from tests.members.inquiries import people as inquiries


class Cast:
    """Makes the rows; `value_of(route)` gives the parts of an address that leads to one of them."""

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
        """The cookies of everybody who is signed in."""
        return [{name: cookie.value for name, cookie in client.cookies.items()} for client in self._clients()]

    def _clients(self):
        clients = [self.staff, self.desk, self.visitor]
        for client in clients:
            client.get("/my-details/")  # a form: it sets the token against forged ones
        return clients

    def still_signed_in(self):
        """(client, a page of theirs): had the attack ended a session, it would have hit closed doors alone."""
        return [(self.staff, "/manage/"), (self.desk, "/account/2fa/"), (self.visitor, "/my-details/all/show/")]

    def values_of(self, route):
        """What stands for the parts of a route that leads to a row; nothing where there is no such row."""
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
