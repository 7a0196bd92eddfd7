"""Writing an announcement: who gets it first, then only the fields of that group; the discreet version is proposed."""

import pytest
from django.urls import reverse

from members.announcements.discreet_proposal import propose
from members.announcements.services import rewrite
from members.models import Announcement
from s4jr.mail.discreet import coalition_words_in
from tests import make
from tests.members.announcements.cast import announcement, chapter, member, send
from tests.members.announcements.test_admin import (
    ADD,
    LIST,
    WORDS,
    change_of,
    errors_in,
    page_of,
    post_send,
    write,
)
from tests.members.announcements.test_services import now
from tests.query_counts import queries_of
from tests.reading import Page, words

pytestmark = pytest.mark.django_db
LANGUAGE = {"language"}
TEXT = {"subject", "body", "discreet_subject", "discreet_body"}
NEUTRAL = "Hello,\n\nwe meet on Thursday at seven.\n\nBring a friend."
TELLING = "Our coalition has grown."
WITH_LINK = "See https://elsewhere.example/why for more."


@pytest.fixture
def ada(client):
    return make.signed_in_staff(client, "ada")


def page(client, address):
    return Page(client.get(address).content.decode())


def fields_of(page):
    """Returns the names of the fields that the form of a page shows."""
    boxes = [box for tag in ("input", "select", "textarea") for box in page.all(tag=tag)]
    return {box["name"] for box in boxes if box.get("name") and box.get("type") not in ("hidden", "submit")}


def shown_errors(client, **said):
    return {name: list(errors) for name, errors in errors_in(write(client, **said)).items()}


class TestAudience:
    def test_the_first_page_asks_who_gets_it_and_shows_no_fields(self, client, ada):
        first = page(client, ADD)
        links = [link["href"] for link in first.all(tag="a") if "?audience=" in link["href"]]
        assert links == [f"{ADD}?audience={value}" for value in Announcement.Audience.values]
        assert fields_of(first) & {"subject", "chapter", "places"} == set()

    @pytest.mark.parametrize(
        ("audience", "fields"),
        [
            ("news", LANGUAGE | TEXT),
            ("places", {"places", "places_typed"} | LANGUAGE | TEXT),
            ("chapter", {"chapter"} | LANGUAGE | TEXT),
            ("ways", {"ways"} | LANGUAGE | TEXT),
            ("representatives", TEXT),
        ],
    )
    def test_the_second_page_shows_only_the_fields_of_that_group(self, client, ada, audience, fields):
        assert fields_of(page(client, f"{ADD}?audience={audience}")) == fields
        assert fields_of(page(client, change_of(announcement(audience, chapter=chapter())))) == fields

    def test_an_unknown_group_in_the_address_asks_again(self, client, ada):
        assert page(client, f"{ADD}?audience=everyone").one(tag="h1")["text"] == "Who gets it?"

    def test_the_group_of_a_draft_can_be_changed_and_its_text_stays(self, client, ada):
        sent = announcement("chapter", chapter=chapter())
        choices = page(client, f"{change_of(sent)}?choose=1")
        assert f"{change_of(sent)}?audience=places" in [link["href"] for link in choices.all(tag="a")]
        form = page(client, f"{change_of(sent)}?audience=places")
        assert (form.one(name="audience")["value"], form.one(name="subject")["value"]) == ("places", "Thursday")
        client.post(f"{change_of(sent)}?audience=places", {"audience": "places", "places": ["FR", "CA-ON"], **WORDS})
        assert (now(sent).audience, sent.places, sent.chapter) == ("places", "CA-ON FR", None)

    def test_the_places_of_a_draft_are_checked_and_their_fold_outs_are_open(self, client, ada):
        form = page(client, change_of(announcement("places", places="CA-ON FR")))
        checked = [box["value"] for box in form.all(tag="input", name="places") if "checked" in box]
        assert checked == ["CA-ON", "FR"]
        assert [words(one).split()[0] for one in form.all(tag="details") if "open" in one] == ["Canada", "Other"]

    @pytest.mark.parametrize(
        ("checked", "typed", "codes"),
        [
            ([], "PA", "US-PA"),
            (["PA"], "", "PA"),
            (["FR"], "Ontario; pa ;90210", "CA-ON FR US-CA US-PA"),
            ([], ";; Scotland;", "GB-SCT"),
            (["GB"], "Wales", "GB"),
            ([], "PR", "US-PR"),
            (["CA", "CA-ON"], "", "CA"),
            ([], "Bavaria", "DE"),
            (["CA-ON"], "Ontario, Canada", "CA-ON"),
        ],
    )
    def test_places_can_be_typed_and_are_stored_as_codes(self, client, ada, checked, typed, codes):
        sent = announcement("places", places="DE")
        client.post(change_of(sent), {"audience": "places", "places": checked, "places_typed": typed, **WORDS})
        assert now(sent).places == codes

    @pytest.mark.parametrize(
        ("typed", "said"),
        [
            (
                "Georgia",
                "“Georgia” is more than one place. Enter one of these: Georgia, United States; Georgia (country)",
            ),
            ("Ontaro", "We don’t know “Ontaro.” Did you mean one of these? Ontario, Canada"),
            ("xyzzy", "We don’t know “xyzzy.” Check the spelling, or choose a place from the list."),
        ],
    )
    def test_a_place_that_is_not_clear_changes_nothing_and_stays_in_its_box(self, client, ada, typed, said):
        sent = announcement("places", places="DE")
        answer = client.post(change_of(sent), {"audience": "places", "places": "FR", "places_typed": typed, **WORDS})
        form = Page(answer.content.decode())
        assert (now(sent).places, list(errors_in(answer)["places"])) == ("DE", [said])
        assert form.one(name="places_typed")["value"] == typed
        assert [box["value"] for box in form.all(tag="input", name="places") if "checked" in box] == ["FR"]

    def test_each_place_can_be_checked_once(self, client, ada):
        """Puerto Rico and the other territories are parts of the United States, and no country of their own here."""
        form = page(client, f"{ADD}?audience=places")
        codes = [box["value"] for box in form.all(tag="input", name="places", type="checkbox")]
        assert {"US-PR", "GB-SCT", "GB"} <= set(codes)
        assert (len(codes), set(codes) & {"PR", "GU", "VI"}) == (len(set(codes)), set())

    def test_hundreds_of_places_take_no_queries(self, client, ada):
        client.get(f"{ADD}?audience=places")
        assert queries_of(lambda: client.get(f"{ADD}?audience=places")) == queries_of(
            lambda: client.get(f"{ADD}?audience=representatives")
        )


class TestSubject:
    def test_sixty_five_characters_are_enough(self, client, ada):
        write(client, subject="x" * 65, discreet_subject="y" * 65)
        assert Announcement.objects.filter(subject="x" * 65, discreet_subject="y" * 65).count() == 1

    @pytest.mark.parametrize("name", ["subject", "discreet_subject"])
    def test_a_longer_one_comes_back_whole_with_its_length(self, client, ada, name):
        answer = write(client, **{name: "x" * 80})
        said = [["Shorten this to 65 characters or fewer. It has 80 now."]]
        assert list(map(list, errors_in(answer).values())) == said
        box = Page(answer.content.decode()).one(name=name)
        assert (box["value"], box["size"], "maxlength" in box) == ("x" * 80, "65", False)


class TestDiscreetVersion:
    def test_an_empty_one_is_the_email_with_a_neutral_subject(self, client, ada):
        answer = write(client, body=NEUTRAL, discreet_subject="", discreet_body="")
        [sent] = Announcement.objects.all()
        assert (answer["Location"], sent.discreet_subject, sent.discreet_body) == (
            page_of("look", sent), "News for you", NEUTRAL
        )  # fmt: skip
        assert "The discreet version was made from the email." in client.get(page_of("look", sent)).content.decode()

    def test_one_that_was_written_stays_as_it_is(self, client, ada):
        write(client, body=NEUTRAL, discreet_subject="Two", discreet_body="Three.")
        [sent] = Announcement.objects.all()
        assert (sent.discreet_subject, sent.discreet_body) == ("Two", "Three.")
        assert "was made from the email" not in client.get(page_of("look", sent)).content.decode()

    @pytest.mark.parametrize("telling", [TELLING, WITH_LINK, "Write to us@elsewhere.example.", "JUS\u200bTICE"])
    def test_if_something_is_left_out_the_author_reads_the_rest_before_it_is_saved(self, client, ada, telling):
        answer = write(client, body=f"{NEUTRAL}\n\n{telling}", discreet_body="")
        [error] = errors_in(answer)["discreet_body"]
        assert error.startswith("We filled this in from the email and left out 1 paragraph that")
        assert Page(answer.content.decode()).one(name="discreet_body")["text"].strip() == NEUTRAL
        assert Announcement.objects.count() == 0

    def test_if_nothing_is_left_the_author_writes_one(self, client, ada):
        said = shown_errors(client, body=f"{TELLING}\n\n{WITH_LINK}", discreet_body="")
        assert said["discreet_body"][0].startswith("Every paragraph of the email names the coalition or has a link")

    def test_with_another_error_nothing_is_proposed(self, client, ada):
        assert list(shown_errors(client, body="Dear {name},", discreet_body="")) == ["body"]

    def test_a_proposal_never_names_the_coalition_not_even_across_paragraphs(self, settings):
        settings.COALITION_WORDS = ["open circle"]
        assert propose("The open\n\nhttps://elsewhere.example\n\ncircle").body == ""
        assert coalition_words_in(propose(f"{NEUTRAL}\n\nopen circle").body) == []

    def test_the_line_ends_of_a_paragraph_stay(self):
        assert propose("- one\r\n- two\r\n\r\n \r\nthree").body == "- one\n- two\n\nthree"


class TestConflict:
    def test_a_second_admin_sees_what_is_saved_now_and_overwrites_nothing(self, client, ada):
        sent = announcement()
        seen = page(client, change_of(sent)).one(name="seen")["value"]
        rewrite(Announcement.objects.filter(pk=sent.pk), body="Bo wrote this.")
        mine = {"audience": "news", **WORDS, "body": "Ada wrote this.", "seen": seen}
        answer = client.post(change_of(sent), mine)
        text = answer.content.decode()
        assert (now(sent).body, "Bo wrote this." in text, "Ada wrote this." in text) == ("Bo wrote this.", True, True)
        again = Page(text).one(name="seen")["value"]
        client.post(change_of(sent), {**mine, "seen": again})
        assert now(sent).body == "Ada wrote this."


class TestPresses:
    def test_from_the_front_page_it_takes_five(self, client, ada):
        """Announcements, Write an announcement, who gets it, Save and preview, Send."""
        member()
        front = page(client, reverse("admin:index"))
        links = [[link["href"] for link in front.all(tag="a")]]
        links.append([link["href"] for link in page(client, LIST).all(tag="a")])
        links.append([link["href"] for link in page(client, ADD).all(tag="a")])
        assert [LIST in links[0], ADD in links[1], f"{ADD}?audience=news" in links[2]] == [True] * 3
        write(client, body=NEUTRAL, discreet_subject="", discreet_body="")
        [sent] = Announcement.objects.all()
        post_send(client, sent)
        assert now(sent).state == Announcement.State.SENDING


class TestTheSameFormTwice:
    def token(self, client):
        return page(client, f"{ADD}?audience=news").one(name="form_token")["value"]

    def test_saves_one_draft_and_leads_to_it(self, client, ada):
        token = self.token(client)
        first = write(client, form_token=token)
        second = client.post(ADD, {"audience": "news", **WORDS, "subject": "Friday", "form_token": token}, follow=True)
        [draft] = Announcement.objects.all()
        assert (draft.subject, second.redirect_chain) == ("Thursday", [(first["Location"], 302)])
        assert "You already sent this form." in second.content.decode()

    def test_two_forms_save_two_drafts(self, client, ada):
        for _ in range(2):
            write(client, form_token=self.token(client))
        assert Announcement.objects.count() == 2

    def test_leads_to_its_status_if_it_was_sent_meanwhile(self, client, ada):
        token = self.token(client)
        write(client, form_token=token)
        [draft] = Announcement.objects.all()
        send(draft)
        second = client.post(ADD, {"audience": "news", **WORDS, "form_token": token}, follow=True)
        assert (second.status_code, Announcement.objects.count(), now(draft).state) == (200, 1, "sending")
