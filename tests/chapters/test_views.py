"""The pages of chapters, and the form to start one."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from chapters.models import Chapter, Meeting, Representative, VolunteerOffer
from chapters.volunteer_offers.chapter_opening import open_chapter
from chapters.volunteer_offers.services import accept
from tests import make
from tests.chapters import cast
from tests.chapters.meetings.meetings import series
from tests.query_counts import for_one_and_thirty
from tests.reading import Page, words

pytestmark = pytest.mark.django_db
CANARY = "orla.invented@mailbox.example"


def meeting(chapter, title, **fields):
    begins = timezone.now() + fields.pop("in_", timedelta(days=3))
    said = {"kind": "chapter", "audience": "public", "zone": "America/Toronto", "is_published": True, **fields}
    return Meeting.objects.create(
        chapter=chapter, title=title, starts_at=begins, ends_at=begins + timedelta(hours=2), **said
    )


def page(client, where):
    response = client.get(where)
    assert response.status_code == 200
    return response.content.decode()


# --- the list


def test_chapters_are_grouped_by_country_and_sorted_by_name(client):
    cast.chapter(slug="b", name="Birch circle")
    cast.chapter(slug="a", name="Alder circle", region="CA-QC")
    cast.chapter(slug="c", name="Cedar circle", country="BO", region="")
    found = [
        words(e) for e in Page(page(client, "/chapters/").partition("<footer")[0]).elements if e["tag"] in ("h2", "h3")
    ]
    assert found == ["Bolivia", "Cedar circle", "Canada", "Alder circle", "Birch circle", "No chapter near you?"]


def test_a_resting_chapter_says_so_and_a_requested_one_is_not_listed(client):
    cast.chapter(status="resting")
    cast.chapter(slug="asked", name="Asked circle", status="asked")
    shown = page(client, "/chapters/")
    assert ("On a break right now" in shown, "Asked circle" in shown) == (True, False)


def test_an_empty_list_has_one_box_with_an_invitation(client):
    shown = Page(page(client, "/chapters/"))
    assert [words(box) for box in shown.all(class_="notice")] == [
        "There are no chapters yet. The first one begins with someone like you. Start a chapter"
    ]
    assert len(shown.all(href="/chapters/start/")) == 1


def test_the_list_takes_as_many_queries_for_thirty_as_for_one(client):
    counts = for_one_and_thirty(cast.one_of_many_chapters, lambda: page(client, "/chapters/"))
    assert (counts, page(client, "/chapters/").count('class="chapters__one"')) == ((2, 2), 30)


def test_the_admins_list_takes_as_many_queries_for_thirty_as_for_one(client):
    make.signed_in_staff(client)
    counts = for_one_and_thirty(cast.one_of_many_chapters, lambda: client.get("/manage/chapters/chapter/"))
    assert (counts[0], client.get("/manage/chapters/chapter/").context["cl"].result_count) == (counts[1], 30)


# --- one chapter


def test_a_chapter_shows_place_rhythm_and_how_to_join(client):
    cast.chapter(
        area="The eastern shore",
        languages="English, Français",
        rhythm="Every second Thursday",
        words="We read **together**.",
        how_to_join="Come and *listen*.",
    )
    shown = page(client, "/chapters/lakeside/")
    wanted = ("Ontario", "The eastern shore", "English, Français", "Every second Thursday", "<strong>together</strong>",
              "<em>listen</em>", 'href="/join/?chapter=lakeside"')  # fmt: skip
    assert [part for part in wanted if part not in shown] == []


@pytest.mark.parametrize("where", ["/chapters/lakeside/", "/chapters/nowhere/", "/chapters/START/"])
def test_a_requested_chapter_gets_the_response_of_a_missing_one(client, where):
    cast.chapter(status="asked")
    with CaptureQueriesContext(connection) as queries:
        response = client.get(where)
    assert (response.status_code, len(queries)) == (404, 1)


def test_a_resting_chapter_says_so_and_links_to_the_coalition(client):
    cast.chapter(status="resting")
    shown = page(client, "/chapters/lakeside/")
    assert ("This chapter is on a break" in shown, "?chapter=" in shown) == (True, False)


@pytest.mark.parametrize(("status", "is_said"), [("open", True), ("resting", False)])
def test_how_to_join_is_shown_only_while_the_chapter_is_open(client, status, is_said):
    cast.chapter(status=status, how_to_join="Choose it when you ask to join.")
    assert ("Choose it when you ask to join." in page(client, "/chapters/lakeside/")) == is_said


def test_only_its_own_public_representatives_are_shown_without_addresses(client):
    lakeside, other = cast.chapter(), cast.chapter(slug="other", name="Other circle")
    cast.of_chapter(lakeside)
    cast.of_chapter(lakeside, "ewa", display_name="Ewa Hidden", **cast.hidden_since_yesterday())
    cast.of_chapter(other, "odalys", display_name="Odalys Elsewhere")
    cast.representative("orla")
    shown = page(client, "/chapters/lakeside/")
    assert [name in shown for name in ("Bram Madeup", "Ewa Hidden", "Odalys Elsewhere", "Orla Invented")] == [
        True,
        False,
        False,
        False,
    ]
    assert (CANARY in shown, "mailto:" in shown) == (False, False)


def test_representatives_who_show_only_their_country_are_not_on_the_chapter_page(client):
    cast.of_chapter(cast.chapter(), shows_region=False)
    assert "Bram Madeup" not in page(client, "/chapters/lakeside/")
    Representative.objects.update(shows_region=True)
    assert "Bram Madeup" in page(client, "/chapters/lakeside/")


def test_only_its_upcoming_meetings_for_everyone_are_shown(client):
    lakeside = cast.chapter()
    meeting(lakeside, "Reading circle")
    meeting(lakeside, "Members only", audience="members")
    meeting(lakeside, "Draft evening", is_published=False)
    meeting(lakeside, "Long ago", in_=timedelta(days=-3))
    meeting(cast.chapter(slug="other", name="Other circle"), "Elsewhere")
    shown = page(client, "/chapters/lakeside/")
    titles = ("Reading circle", "Members only", "Draft evening", "Long ago", "Elsewhere")
    assert [title in shown for title in titles] == [True, False, False, False, False]


def test_an_empty_chapter_says_so_and_what_to_do(client):
    cast.chapter()
    shown = Page(page(client, "/chapters/lakeside/"))
    assert [words(box) for box in shown.all(class_="notice")] == [
        "No meetings that are open to everyone are scheduled right now. Members see the others. All meetings",
        "No representative is listed here right now. There may be one who prefers not to be listed. "
        "Become a representative",
    ]
    assert "not decided yet" in [words(e) for e in shown.all(tag="dd")]


@pytest.mark.parametrize("meetings", [0, 1])
def test_the_calendar_of_a_chapter_is_offered_if_it_has_meetings(client, meetings):
    lakeside = cast.chapter()
    for _each in range(meetings):
        meeting(lakeside, "Reading circle")
    assert page(client, "/chapters/lakeside/").count("your calendar updates automatically") == meetings


def test_the_text_of_a_chapter_cannot_include_scripts_or_pictures(client):
    cast.chapter(words='<script>alert(1)</script> ![x](https://elsewhere.example/x.png) <img src="/x">')
    shown = page(client, "/chapters/lakeside/")
    assert ("<script>alert" in shown, "elsewhere.example" in shown, '<img src="/x"' in shown) == (False, False, False)


def test_a_page_takes_as_many_queries_for_thirty_representatives_and_meetings(client):
    lakeside = cast.chapter()

    def create(number):
        cast.of_chapter(lakeside, f"bram{number}", appointed_by=cast.person(f"ada{number}"))
        series(chapter=lakeside, repeats="once", begins_on=cast.today() + timedelta(days=2 + number))

    counts = for_one_and_thirty(create, lambda: page(client, "/chapters/lakeside/"))
    shown = Page(page(client, "/chapters/lakeside/"))
    assert (counts, len(shown.all(class_="profile")), len(shown.all(class_="chapters__one"))) == ((3, 3), 30, 5)


# --- starting a chapter


def asked(client, **said):
    mark = Page(page(client, "/chapters/start/")).one(name="form_token")["value"]
    form = {"chapter_name": "Riverbend", "country": "CA", "region": "CA-ON", "name": "Rosalind", "contact": "none"}
    return client.post("/chapters/start/", {**form, "form_token": mark, **said})


@pytest.fixture
def long_ago(monkeypatch):
    """Form tokens old enough to look human."""
    monkeypatch.setattr("s4jr.security.submission_token.FASTEST_HUMAN_SECONDS", -1)


def test_a_request_waits_for_review_and_its_sender_sees_a_code(client, long_ago):
    response = asked(client, rhythm="Every month", words="There are two of us.")
    offer = VolunteerOffer.objects.get()
    assert (offer.kind, offer.chapter_name, offer.region, offer.words) == (
        "start_chapter",
        "Riverbend",
        "CA-ON",
        "There are two of us.",
    )
    assert (offer.flag_reason, Chapter.objects.count(), 'class="code"' in page(client, response["Location"])) == (
        "",
        0,
        True,
    )


@pytest.mark.parametrize(("typed", "codes"), [("Toronto", ("CA", "CA-ON")), ("Puerto Rico", ("US", "US-PR"))])
def test_a_typed_place_is_stored_as_its_codes(client, long_ago, typed, codes):
    asked(client, country="", region="", place=typed)
    assert (VolunteerOffer.objects.get().country, VolunteerOffer.objects.get().region) == codes


def test_a_form_sent_twice_is_one_request(client, long_ago):
    mark = Page(page(client, "/chapters/start/")).one(name="form_token")["value"]
    for _twice in range(2):
        asked(client, form_token=mark)
    assert VolunteerOffer.objects.count() == 1


@pytest.mark.parametrize(
    ("said", "flag_reason"), [({"website": "x"}, "honeypot"), ({"form_token": "forged"}, "no_token")]
)
def test_an_automated_request_is_flagged_and_gets_the_same_response(client, long_ago, said, flag_reason):
    response = asked(client, **said)
    assert (response.status_code, VolunteerOffer.objects.get().flag_reason) == (302, flag_reason)


@pytest.mark.parametrize(
    ("said", "mistake"),
    [
        ({"chapter_name": ""}, "Enter a name for the chapter."),
        ({"name": ""}, "Enter a name that we can call you. Any name will do."),
        ({"country": "", "region": ""}, "Enter the state, province or country the chapter would be in."),
        (
            {"country": "", "region": "", "place": "Georgia"},
            "“Georgia” is more than one place. Choose the one you mean.",
        ),
        ({"country": "BO"}, "This state or province isn’t in the country you chose. Change one of them."),
        ({"contact": "yes"}, "Enter your email address, or choose “Never email me.”"),
    ],
)
def test_errors_are_shown_and_nothing_is_saved(client, long_ago, said, mistake):
    response = asked(client, **said)
    assert (response.status_code, mistake in response.content.decode(), VolunteerOffer.objects.count()) == (
        200,
        True,
        0,
    )


@pytest.mark.parametrize("field", ["chapter_name", "area", "languages", "rhythm"])
def test_fields_that_become_public_refuse_email_addresses(client, long_ago, field):
    response = asked(client, **{field: "write to jane@mailbox.example"})
    assert (list(response.context["form"].errors), VolunteerOffer.objects.count()) == ([field], 0)


@pytest.mark.parametrize("sign", ["\u034f", "\ufe0f", "\u2065", "\u2060", "\uffa0"])
def test_an_address_with_an_invisible_character_is_refused(client, long_ago, sign):
    response = asked(client, area=f"write to jane{sign}@{sign}mailbox.example")
    assert (list(response.context["form"].errors), VolunteerOffer.objects.count()) == (["area"], 0)


def test_links_of_a_chapter_cannot_be_mailto(client):
    link = "[write](&#109;ailto:jane)"
    cast.chapter(words=link, how_to_join=link)
    assert "mailto:" not in page(client, "/chapters/lakeside/")


def test_an_approved_chapter_has_its_own_page(client, long_ago):
    asked(client)
    assert client.get("/chapters/riverbend/").status_code == 404
    ada = cast.person("ada", is_staff=True)
    facts = {"slug": "riverbend", "name": "Riverbend", "country": "CA", "region": "CA-ON"}
    accept(VolunteerOffer.objects.all(), by=ada)
    assert open_chapter(VolunteerOffer.objects.all(), by=ada, **facts) == Chapter.objects.get()
    assert "Riverbend" in page(client, "/chapters/riverbend/")
