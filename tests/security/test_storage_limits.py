"""How much strangers may add: over a peer's cap somebody looks first; over the total nothing is taken nor lost."""

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
    """A site that has room for twenty forms in five minutes, and a clock to be set by hand."""
    settings.INTAKE_BYTES_AN_HOUR = WINDOW_BYTES * storage_limits.WINDOWS_AN_HOUR
    monkeypatch.setattr("s4jr.security.submission_token.FASTEST_HUMAN_SECONDS", -1)
    monkeypatch.setattr("s4jr.security.constant_time.STEP", 0.001)

    class Clock:
        now = 1_800_000_000.0

    monkeypatch.setattr(ratelimit.time, "time", lambda: Clock.now)
    return Clock


def form(size=0, network="203.0.113.7"):
    return RequestFactory(REMOTE_ADDR=network).post("/", {"words": "x" * size})


def taken(*, is_clean, size=0, network="203.0.113.7"):
    """How many such forms find room now, one after the other."""
    return len(list(iter(lambda: take_in(form(size, network), is_clean=is_clean).has_room, False)))


def fill_up():
    storage_limits.count_use("bytes taken in", "", storage_limits.WINDOW, WINDOW_BYTES)


# --- the shares


def test_each_reserve_is_left_to_those_it_is_for(settings):
    """Twenty in all: so many of any kind, then long clean ones, then short ones, the last from peers that sent few."""
    settings.FORMS_FROM_ONE_PEER_AN_HOUR = 1
    any_form = taken(is_clean=False)
    clean = taken(is_clean=True, size=storage_limits.SHORT + 1)
    short = taken(is_clean=True)
    from_elsewhere = [take_in(form(network=f"198.51.100.{n}"), is_clean=True).has_room for n in range(9)]
    assert (any_form, clean, short, from_elsewhere.count(True)) == (6, 2, 6, 3)


def test_a_person_behind_the_exit_node_of_an_attacker_is_taken(settings):
    settings.FORMS_FROM_ONE_PEER_AN_HOUR = 3
    taken(is_clean=False)
    taken(is_clean=True, size=storage_limits.SHORT + 1)
    assert take_in(form(size=600), is_clean=True).has_room is True


def test_a_form_is_charged_what_it_takes_in_utf_8():
    request = RequestFactory().post("/", {"a": "é" * 10, "b": ["x", "y"]})
    assert storage_limits.text_bytes(request) == 22


def test_what_found_no_room_is_not_charged(clock):
    fill_up()
    assert [take_in(form(), is_clean=True).has_room for _ in range(9)] == [False] * 9
    assert (ratelimit.uses("bytes taken in", "", storage_limits.WINDOW), refused_today()) == (WINDOW_BYTES, 9)


def test_five_minutes_later_there_is_room_again(clock):
    fill_up()
    before = take_in(form(), is_clean=True).has_room
    clock.now += 300
    assert (before, take_in(form(), is_clean=True).has_room) == (False, True)


def test_forms_from_one_peer_beyond_its_cap_are_over_it_and_those_of_others_are_not(settings):
    settings.FORMS_FROM_ONE_PEER_AN_HOUR = 2
    over = [take_in(form(network=f"198.51.100.{n}"), is_clean=True).is_over_cap for n in (1, 1, 1, 2)]
    assert over == [False, False, True, False]


def test_it_costs_one_statement(django_assert_num_queries):
    with django_assert_num_queries(1):
        take_in(form(), is_clean=True)


# --- every form that strangers can send


def to_a_representative():
    return f"/representatives/{messages.representative().pk}/write/"


def to_the_coalition():
    make.admin("ada")  # a topic that nobody reads is not offered
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
#: Sent by staff.
NOT_BY_STRANGERS = {"appointing", "test"}  # the second is a kind that another test makes


def test_no_form_that_strangers_send_is_left_out():
    assert set(FormKind.cookies) - NOT_BY_STRANGERS <= set(FORMS)


@pytest.fixture(params=FORMS)
def sent(request, client):
    """(address, answers, model) of one form as a person has just filled it in."""
    address, answers, model = FORMS[request.param]
    address = address()
    hidden = Page(client.get(address).content.decode()).all(tag="input", type="hidden")
    marks = {field["name"]: field["value"] for field in hidden if field["name"] == "form_token"}
    assert marks
    return address, {**answers, **marks}, model


def flagged_in(response):
    fields = Page(response.content.decode()).all(tag="input")
    return {field["name"]: field["value"] for field in fields}


def test_with_no_room_a_page_says_so_truthfully_and_holds_the_form(client, sent, clock):
    address, answers, model = sent
    emails = OutgoingEmail.objects.count()
    fill_up()
    response = client.post(address, answers)

    assert (response.status_code, response["Retry-After"], response["Cache-Control"]) == (503, "300", "no-store")
    assert SENTENCE in response.content.decode().replace("&#x27;", "'")
    assert (model.objects.count(), OutgoingEmail.objects.count(), response.cookies) == (0, emails, {})
    assert flagged_in(response) == answers

    clock.now += 300
    for _press in range(2):
        assert client.post(address, flagged_in(response)).status_code == 302
    assert model.objects.count() == 1


@pytest.mark.parametrize("sent", ["form"], indirect=True)
def test_over_a_peers_cap_an_application_is_kept_for_somebody_to_look(client, sent, settings):
    settings.FORMS_FROM_ONE_PEER_AN_HOUR = 1
    address, answers, model = sent
    take_in(RequestFactory().post("/"), is_clean=True)
    assert client.post(address, answers).status_code == 302
    assert (model.objects.get().flag_reason, OutgoingEmail.objects.count()) == ("too_many", 0)


@pytest.mark.parametrize("language", ["fr", "es"])
def test_it_is_said_in_the_readers_language(client, language):
    address = f"/{language}/join/"
    fill_up()
    response = client.post(address, JOIN)
    page = Page(response.content.decode())
    assert (response.status_code, page.one(tag="form")["action"]) == (503, address)
    assert [link["href"] for link in page.all(tag="a")][:2] == ["/exit/", "#main"]


# --- with a code


def test_more_words_with_a_code_stay_on_their_page(client):
    said = inquiries.submission()
    inquiries.written(said)
    code = code_of_form(said.form_token)
    fill_up()
    page = client.post("/contact/answer/", {"code": code, "do": "write", "words": WORDS}).content.decode()
    assert ("Nothing was sent" in page, WORDS in page) == (True, True)
    assert Inquiry.objects.get().said.count() == 1


@pytest.mark.parametrize("act", ["write", "report"])
def test_more_words_to_a_representative_and_reports_stay_on_their_page(client, act):
    asked = messages.submission(messages.representative())
    message = messages.send(asked)
    answer = message.said.create(is_answer=True, words=messages.ANSWER, at=message.said.get().at)
    fill_up()
    typed = {"code": code_of_form(asked.form_token), "do": act, "words": WORDS, "word": answer.pk, "why": WORDS}
    page = client.post("/representatives/answer/", typed).content.decode()
    assert ("Nothing was sent" in page, message.said.count()) == (True, 2)
    assert WORDS in page


# --- admins are told


def test_admins_are_told_by_email_once_a_day_and_on_their_first_page(client):
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


def test_nobody_is_told_while_there_is_room():
    make.admin("grace", address="grace@coalition.example")
    take_in(form(), is_clean=True)
    assert notifications.tell_of_refused() == 0


def test_forms_of_machines_count_for_no_peer(settings):
    settings.FORMS_FROM_ONE_PEER_AN_HOUR = 1
    for _ in range(3):
        take_in(form(), is_clean=False)
    assert [take_in(form(), is_clean=True).is_over_cap for _ in range(2)] == [False, True]
