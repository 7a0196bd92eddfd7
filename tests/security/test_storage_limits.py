"""Storage limits for public forms: over a peer's cap admins review them; over the total a form is refused, not lost."""

import pytest
from django.test import RequestFactory

from chapters.models import RepresentativeMessage, VolunteerOffer
from members.models import Inquiry, Member, Rsvp
from members.review import notifications
from members.tasks import end_grace_periods
from s4jr.mail.models import OutgoingEmail
from s4jr.security import ratelimit, storage_limits
from s4jr.security.status_code import code_of_form
from s4jr.security.storage_limits import BYTES_EACH, refused_today, take_in
from s4jr.security.submission_token import FormKind
from tests import make
from tests.chapters.representative_messages import cast as messages
from tests.members.inquiries import people as inquiries
from tests.members.rsvps.people import a_meeting
from tests.reading import Page

pytestmark = pytest.mark.django_db
SENTENCE = "We can’t take any forms right now. Nothing was sent."
WINDOW_BYTES = 20 * BYTES_EACH
WORDS = "The heron stands in the reeds."
SAFE = {"name": "Testperson", "contact": "yes", "email": "person@mailbox.example"}
JOIN = {**SAFE, "agreement": "on", "consent": "on", "message": WORDS, "step": "send"}


@pytest.fixture(autouse=True)
def clock(monkeypatch, settings):
    """A site with room for twenty forms in five minutes, and a clock that the test sets."""
    settings.INTAKE_BYTES_AN_HOUR = WINDOW_BYTES * storage_limits.WINDOWS_AN_HOUR
    monkeypatch.setattr("s4jr.security.submission_token.FASTEST_HUMAN_SECONDS", -1)

    class Clock:
        now = 1_800_000_000.0

    monkeypatch.setattr(ratelimit.time, "time", lambda: Clock.now)
    return Clock


def form(size=0, network="203.0.113.7"):
    return RequestFactory(REMOTE_ADDR=network).post("/", {"words": "x" * size})


def count_accepted(*, is_clean, size=0, network="203.0.113.7"):
    """Return how many of these forms find room now, one after the other."""
    return len(list(iter(lambda: take_in(form(size, network), is_clean=is_clean).has_room, False)))


def fill_up():
    storage_limits.count_use("bytes taken in", "", storage_limits.WINDOW, WINDOW_BYTES)


# --- the shares


def test_each_reserve_is_kept_for_its_forms(settings):
    """Twenty in all: any form, then long clean ones, then short ones; the last few only from peers that sent few."""
    settings.FORMS_FROM_ONE_PEER_AN_HOUR = 1
    any_form = count_accepted(is_clean=False)
    clean = count_accepted(is_clean=True, size=storage_limits.SHORT + 1)
    short = count_accepted(is_clean=True)
    from_elsewhere = [take_in(form(network=f"198.51.100.{n}"), is_clean=True).has_room for n in range(9)]
    assert (any_form, clean, short, from_elsewhere.count(True)) == (6, 2, 6, 3)


def test_a_form_from_an_attackers_exit_node_is_still_accepted(settings):
    settings.FORMS_FROM_ONE_PEER_AN_HOUR = 3
    count_accepted(is_clean=False)
    count_accepted(is_clean=True, size=storage_limits.SHORT + 1)
    assert take_in(form(size=600), is_clean=True).has_room is True


def test_a_form_counts_by_its_size_in_utf_8():
    request = RequestFactory().post("/", {"a": "é" * 10, "b": ["x", "y"]})
    assert storage_limits.text_bytes(request) == 22


def test_a_refused_form_does_not_count(clock):
    fill_up()
    assert [take_in(form(), is_clean=True).has_room for _ in range(9)] == [False] * 9
    assert (ratelimit.uses("bytes taken in", "", storage_limits.WINDOW), refused_today()) == (WINDOW_BYTES, 9)


def test_five_minutes_later_there_is_room_again(clock):
    fill_up()
    before = take_in(form(), is_clean=True).has_room
    clock.now += 300
    assert (before, take_in(form(), is_clean=True).has_room) == (False, True)


def test_only_the_peer_that_sent_too_many_forms_is_over_its_cap(settings):
    settings.FORMS_FROM_ONE_PEER_AN_HOUR = 2
    over = [take_in(form(network=f"198.51.100.{n}"), is_clean=True).is_over_cap for n in (1, 1, 1, 2)]
    assert over == [False, False, True, False]


def test_it_takes_one_query(django_assert_num_queries):
    with django_assert_num_queries(1):
        take_in(form(), is_clean=True)


# --- every public form


def to_a_representative():
    return f"/representatives/{messages.representative().pk}/write/"


def to_the_coalition():
    make.admin("ada")  # the form does not offer a topic without readers
    return "/contact/?topic=coalition"


FORMS = {
    "form": (lambda: "/join/", JOIN, Member),
    "written": (to_the_coalition, {**SAFE, "words": WORDS, "topic": "coalition"}, Inquiry),
    "message": (to_a_representative, {**SAFE, "words": WORDS}, RepresentativeMessage),
    "meeting": (lambda: f"/meetings/{a_meeting().pk}/come/", {**SAFE, "needs": WORDS}, Rsvp),
    "offered": (lambda: "/representatives/would-you/", {**SAFE, "country": "CA", "words": WORDS}, VolunteerOffer),
    "offered again": (
        lambda: "/chapters/start/",
        {**SAFE, "chapter_name": "Riverside", "country": "CA", "words": WORDS},
        VolunteerOffer,
    ),
}
#: Forms that only staff send.
#: Forms of signed-in users, and a kind that another test creates.
NOT_BY_STRANGERS = {"appointing", "planned", "announced", "noted", "added", "to-all", "test"}


def test_every_public_form_is_covered():
    assert set(FormKind.cookies) - NOT_BY_STRANGERS <= set(FORMS)


@pytest.fixture(params=FORMS)
def sent(request, client):
    """Return (URL, answers, model) of one form as a visitor has just filled it in."""
    address, answers, model = FORMS[request.param]
    address = address()
    hidden = Page(client.get(address).content.decode()).all(tag="input", type="hidden")
    marks = {field["name"]: field["value"] for field in hidden if field["name"] == "form_token"}
    assert marks
    return address, {**answers, **marks}, model


def values_in(response):
    fields = Page(response.content.decode()).all(tag="input")
    return {field["name"]: field["value"] for field in fields}


def test_without_room_the_page_says_so_and_keeps_the_form(client, sent, clock):
    address, answers, model = sent
    emails = OutgoingEmail.objects.count()
    fill_up()
    response = client.post(address, answers)

    assert (response.status_code, response["Retry-After"], response["Cache-Control"]) == (503, "300", "no-store")
    assert SENTENCE in response.content.decode().replace("&#x27;", "'")
    assert (model.objects.count(), OutgoingEmail.objects.count(), response.cookies) == (0, emails, {})
    assert values_in(response) == answers

    clock.now += 300
    for _press in range(2):
        assert client.post(address, values_in(response)).status_code == 302
    assert model.objects.count() == 1


@pytest.mark.parametrize("sent", ["form"], indirect=True)
def test_over_a_peers_cap_an_application_is_flagged_for_review(client, sent, settings):
    settings.FORMS_FROM_ONE_PEER_AN_HOUR = 1
    address, answers, model = sent
    take_in(RequestFactory().post("/"), is_clean=True)
    assert client.post(address, answers).status_code == 302
    assert (model.objects.get().flag_reason, OutgoingEmail.objects.count()) == ("too_many", 0)


@pytest.mark.parametrize("language", ["fr", "es"])
def test_the_message_is_in_the_readers_language(client, language):
    address = f"/{language}/join/"
    fill_up()
    response = client.post(address, JOIN)
    page = Page(response.content.decode())
    assert (response.status_code, page.one(tag="form")["action"]) == (503, address)
    assert [link["href"] for link in page.all(tag="a")][:2] == ["/exit/", "#main"]


# --- follow-up messages with a code


def test_a_follow_up_message_stays_on_its_page(client):
    said = inquiries.submission()
    inquiries.written(said)
    code = code_of_form(said.form_token)
    fill_up()
    page = client.post("/contact/answer/", {"code": code, "do": "write", "words": WORDS}).content.decode()
    assert ("Nothing was sent" in page, WORDS in page) == (True, True)
    assert Inquiry.objects.get().said.count() == 1


@pytest.mark.parametrize("act", ["write", "report"])
def test_follow_ups_to_representatives_and_reports_stay_on_their_page(client, act):
    asked = messages.submission(messages.representative())
    message = messages.send(asked)
    answer = message.said.create(is_answer=True, words=messages.ANSWER, at=message.said.get().at)
    fill_up()
    typed = {"code": code_of_form(asked.form_token), "do": act, "words": WORDS, "word": answer.pk, "why": WORDS}
    page = client.post("/representatives/answer/", typed).content.decode()
    assert ("Nothing was sent" in page, message.said.count()) == (True, 2)
    assert WORDS in page


# --- notifications of admins


def test_admins_get_one_email_a_day_and_a_notice_on_the_dashboard(client):
    make.signed_in_staff(client)
    make.admin("grace", address="grace@coalition.example")
    before = client.get("/manage/").content.decode()
    fill_up()
    for _ in range(2):
        take_in(form(), is_clean=True)
    end_grace_periods()
    end_grace_periods()
    [email] = OutgoingEmail.objects.filter(kind="admin-no-room")
    assert "turned away 2 today." in email.body
    after = client.get("/manage/").content.decode()
    assert ("couldn’t take 2 forms" in before, "couldn’t take 2 forms" in after) == (False, True)


def test_admins_get_no_notice_while_there_is_room():
    make.admin("grace", address="grace@coalition.example")
    take_in(form(), is_clean=True)
    assert notifications.tell_of_refused() == 0


def test_flagged_forms_do_not_count_toward_the_cap_of_a_peer(settings):
    settings.FORMS_FROM_ONE_PEER_AN_HOUR = 1
    for _ in range(3):
        take_in(form(), is_clean=False)
    assert [take_in(form(), is_clean=True).is_over_cap for _ in range(2)] == [False, True]
