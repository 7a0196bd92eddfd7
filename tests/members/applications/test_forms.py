"""The join form: what it asks, what it saves, what it never refuses."""

import pytest

from members.applications.forms import JoinForm
from members.applications.services import ask_to_join
from members.models import Member
from members.submission_tokens import JOIN_FORM
from tests.chapters import cast as places
from tests.reading import Page

ADDRESS = "rosalind@mailbox.example"


@pytest.fixture
def token(rf, monkeypatch):
    """A token of the form, old enough for a person."""
    monkeypatch.setattr("s4jr.security.submission_token.FASTEST_HUMAN_SECONDS", -1)
    return JOIN_FORM.new_token(rf.get("/join/"))


@pytest.fixture
def fill_in(token):
    def fill_in(**answers):
        usual = {"name": "Rosalind", "contact": "yes", "email": ADDRESS, "agreement": "on", "consent": "on"}
        return JoinForm({**usual, "form_token": token, **answers})

    return fill_in


def application(form):
    assert form.is_valid(), form.errors
    return form.application("en")


def test_the_fields_are_in_order():
    assert list(JoinForm().fields) == [
        "name", "contact", "email", "agreement", "consent", "pronouns", "place", "country", "region", "relation",
        "ways_to_help", "access_needs", "message", "newsletter", "website", "form_token",
    ]  # fmt: skip


def test_only_necessary_fields_are_required():
    form = JoinForm({})
    assert not form.is_valid()
    assert sorted(form.errors) == ["agreement", "consent", "contact", "name"]


def test_email_contact_requires_an_address(fill_in):
    assert sorted(fill_in(email="").errors) == ["email"]


def test_news_requires_an_address_that_accepts_emails(fill_in):
    assert application(fill_in(newsletter="on")).newsletter is True
    assert application(fill_in(contact="none", newsletter="on")).newsletter is False


def test_an_address_with_never_is_dropped_unread(fill_in):
    assert application(fill_in(contact="none", email="not even an address")).email == ""


@pytest.mark.parametrize(
    "address", ["rosalind", "rosalind@", "a b@mailbox.example", "x@mailbox.example\nBcc: y@z.example"]
)
def test_an_invalid_address_gets_an_error_and_is_kept(fill_in, address):
    form = fill_in(email=address)
    assert sorted(form.errors) == ["email"]
    assert form["email"].value() == address


@pytest.mark.parametrize(
    "name",
    ["Zoë", "می‌خواهم", "क्‍ष", "用户", "👩‍👩‍👧", "O'Brien-Søren", "ẞ ﬁ Å", "Nǃxau", "‌ی"],
)
def test_a_name_in_any_script_is_saved_byte_for_byte(fill_in, name):
    assert application(fill_in(name=name)).name == name


def test_deceptive_characters_are_removed_from_a_name(fill_in):
    assert application(fill_in(name="Ann\u202e\u200bevil\ufeff")).name == "Annevil"


def test_a_name_without_visible_characters_is_invalid(fill_in):
    assert sorted(fill_in(name="\u200b\u202e ").errors) == ["name"]


@pytest.mark.parametrize("name", ["\u3164", "\u2800", "\u034f", "\x1b"])
def test_an_invisible_name_is_invalid(fill_in, name):
    assert sorted(fill_in(name=name).errors) == ["name"]


def test_a_name_stays_on_one_line(fill_in):
    assert application(fill_in(name="Line one\r\nX-Evil: two")).name == "Line one X-Evil: two"


def test_a_region_must_be_in_the_country(fill_in):
    assert sorted(fill_in(country="US", region="CA-ON").errors) == ["region"]


def test_a_region_alone_sets_the_country(fill_in):
    asked = application(fill_in(region="CA-ON"))
    assert (asked.country, asked.region) == ("CA", "CA-ON")


@pytest.mark.parametrize(
    ("answers", "codes"),
    [
        ({"place": "Ontario"}, ("CA", "CA-ON")),
        ({"place": "PA"}, ("US", "US-PA")),
        ({"place": "New Zealand"}, ("NZ", "")),
        ({"place": "Georgia", "place_meant": "GE"}, ("GE", "")),
        ({"place": ""}, ("", "")),
        ({"country": "FR"}, ("FR", "")),
        ({"place": "Ontario, Canada", "country": "CA"}, ("CA", "CA-ON")),
    ],
)
def test_a_place_becomes_a_country_and_a_region(fill_in, answers, codes):
    asked = application(fill_in(**answers))
    assert (asked.country, asked.region) == codes


def test_a_place_that_contradicts_its_codes_gets_an_error(fill_in):
    assert sorted(fill_in(place="Ontario", country="US").errors) == ["place"]


def test_no_browser_stores_what_is_typed():
    """Decision 21."""
    boxes = Page(str(JoinForm())).elements
    typed = [e for e in boxes if e["tag"] in ("input", "textarea") and e.get("type") in (None, "text", "email")]
    names = {"name", "email", "pronouns", "place", "access_needs", "message", "website"}
    assert {e["name"]: e.get("autocomplete") for e in typed} == dict.fromkeys(names, "off")


def test_no_other_field_can_be_set_by_the_client(fill_in):
    asked = application(fill_in(status="approved", is_staff="1", number="1", flag_reason="", ways_to_help=["policy"]))
    assert not hasattr(asked, "status")
    assert asked.ways_to_help == "policy"


@pytest.mark.parametrize(
    ("answers", "flag_reason"),
    [({}, ""), ({"website": "http://spam.example"}, "honeypot"), ({"form_token": "forged"}, "no_token")],
)
def test_a_form_that_looks_like_a_bots_is_flagged_and_never_refused(fill_in, answers, flag_reason):
    assert application(fill_in(**answers)).flag_reason == flag_reason


def test_a_form_sent_within_three_seconds_is_flagged(fill_in, monkeypatch):
    monkeypatch.setattr("s4jr.security.submission_token.FASTEST_HUMAN_SECONDS", 3)
    assert application(fill_in()).flag_reason == "too_fast"


def test_discreet_is_offered_only_if_we_can_keep_the_promise(settings):
    assert "discreet" in dict(JoinForm().fields["contact"].choices)
    settings.MAIL_FROM = "hello@survivors.example"
    assert list(dict(JoinForm().fields["contact"].choices)) == ["yes", "none"]


def test_every_answer_of_the_form_is_saved(fill_in, db):
    form = fill_in(pronouns="they/them", relation="both", ways_to_help=["policy", "media"], access_needs="captions",
                   message="hello", newsletter="on", country="CA", region="CA-QC")  # fmt: skip
    ask_to_join(application(form))
    member = Member.objects.get()
    assert (member.pronouns, member.relation, member.ways_to_help) == ("they/them", "both", "policy media")
    assert (member.access_needs, member.message, member.newsletter, member.place) == (
        "captions", "hello", True, "Quebec"
    )  # fmt: skip


@pytest.mark.django_db
class TestAChapter:
    FORM = {"name": "Rosalind", "contact": "none", "agreement": "on", "consent": "on"}

    def test_a_visitor_from_its_page_finds_it_selected(self, client):
        places.chapter()
        page = Page(client.get("/join/?chapter=lakeside").content.decode())
        chosen = [option["value"] for option in page.elements if option["tag"] == "option" and "selected" in option]
        assert chosen[0] == "lakeside"

    def test_it_is_shown_and_saved(self, client):
        lakeside = places.chapter()
        check = client.post("/join/", {**self.FORM, "chapter": "lakeside", "step": "check"}).content.decode()
        client.post("/join/", {**self.FORM, "chapter": "lakeside", "step": "send"})
        assert ["Lakeside circle" in check, 'value="lakeside"' in check] == [True, True]
        assert Member.objects.get().chapter == lakeside

    @pytest.mark.parametrize("slug", ["nowhere", ""])
    def test_an_invalid_chapter_is_ignored(self, client, slug):
        places.chapter()
        asked = client.get("/join/", {"chapter": slug})
        sent = client.post("/join/", {**self.FORM, "chapter": slug, "step": "send"})
        assert (asked.status_code, sent.status_code < 500) == (200, True)

    def test_visitors_from_elsewhere_are_not_asked(self, client):
        assert 'name="chapter"' not in client.get("/join/").content.decode()
        client.post("/join/", {**self.FORM, "step": "send"})
        assert Member.objects.get().chapter is None
