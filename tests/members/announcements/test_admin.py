"""Announcements in the admin: written, previewed in both forms, sent by a button, paused, stopped."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse
from django.utils import timezone

from members.announcements.audience import audience_of
from members.announcements.services import rewrite, write_next_portion
from members.models import Announcement
from s4jr.mail.models import OutgoingEmail, Suppression
from s4jr.mail.services import cancel_emails
from tests import cast, make
from tests.chapters.cast import of_chapter as representative_of_a_chapter
from tests.chapters.cast import one_of_many_chapters, person
from tests.members.announcements.cast import announcement, chapter, member, members, scheduled, send
from tests.query_counts import for_one_and_thirty
from tests.reading import Page, words

pytestmark = pytest.mark.django_db
LIST = reverse("admin:members_announcement_changelist")
ADD = reverse("admin:members_announcement_add")
State = Announcement.State
WORDS = {"subject": "Thursday", "body": "S4JR meets.", "discreet_subject": "Thursday", "discreet_body": "We meet."}
TELLING = "survivor"
ZONES = ["America/Toronto", "Europe/Berlin"]
ADDRESS = "ada@mailbox.example"


@pytest.fixture
def ada(client):
    return make.signed_in_staff(client, "ada")


def page_of(name, sent, **more):
    return reverse(f"admin:members_announcement_{name}", kwargs={"pk": sent.pk, **more})


def change_of(sent):
    return reverse("admin:members_announcement_change", args=[sent.pk])


def write(client, **said):
    return client.post(ADD, {"audience": "news", **WORDS, **said})


def errors_in(answer):
    return answer.context["adminform"].form.errors if answer.status_code == 200 else {}


def page_buttons(page):
    """Returns the labels of the buttons that send or schedule."""
    labels = [words(button) for button in Page(page).all(tag="button")]
    return [label for label in labels if label.startswith(("Send", "Schedule")) and "test" not in label]


def facts(page):
    """Returns a page's lists of names and values."""
    names, values = page.all(tag="dt"), page.all(tag="dd")
    return [(words(name), words(value)) for name, value in zip(names, values, strict=True)]


def messages_on(client, page):
    return words(Page(client.get(page).content.decode()).one(id="content"))


def seen_of(client, sent):
    """Returns what the preview carries along: which text was seen. It is in both forms of the page."""
    page = Page(client.get(page_of("look", sent)).content.decode())
    [seen, _in_the_other_form] = [box["value"] for box in page.all(name="seen")]
    return seen


def post_send(client, sent):
    return client.post(page_of("send", sent), {"seen": seen_of(client, sent)}, follow=True)


class TestEditing:
    def test_a_new_announcement_is_saved_and_previewed_before_anything_leaves(self, client, ada):
        member()
        answer = write(client)
        [sent] = Announcement.objects.all()
        assert (answer.status_code, answer["Location"]) == (302, page_of("look", sent))
        assert (sent.state, sent.made_by, OutgoingEmail.objects.count()) == (State.DRAFT, ada, 0)

    @pytest.mark.parametrize(
        ("said", "field"),
        [
            ({"subject": f"A {TELLING}"}, "subject"),
            ({"discreet_subject": f"A {TELLING}"}, "discreet_subject"),
            ({"discreet_body": f"https://{TELLING}s.example/"}, "discreet_body"),
            ({"discreet_body": ""}, "discreet_body"),
            ({"body": "Dear {name},"}, "body"),
            ({"body": "Dear { name },"}, "body"),
            ({"discreet_body": "Dear {{ name }},"}, "discreet_body"),
            ({"subject": "Thursday }"}, "subject"),
            ({"subject": "Thursday\r\nFriday"}, "subject"),
            ({"discreet_subject": "Thursday\u2028Friday"}, "discreet_subject"),
            ({"audience": "places"}, "places"),
            ({"audience": "places", "places": ["XX"]}, "places"),
            ({"audience": "ways"}, "ways"),
            ({"audience": "ways", "ways": ["knitting"]}, "ways"),
            ({"audience": "chapter"}, "chapter"),
            ({"audience": ""}, "audience"),
        ],
    )
    def test_an_announcement_that_exposes_its_readers_or_reaches_no_one_is_not_saved(self, client, ada, said, field):
        assert list(errors_in(write(client, **said))) == [field]
        assert Announcement.objects.count() == 0

    @pytest.mark.parametrize(
        ("said", "kept"),
        [
            ({"audience": "places", "places": ["CA-ON"]}, {"places": "CA-ON", "ways": "", "chapter": None}),
            ({"audience": "places", "places": ["FR", "CA-ON", "US-WA"]}, {"places": "CA-ON FR US-WA"}),
            ({"audience": "places", "places": ["CA-ON", "CA", "US-WA"]}, {"places": "CA US-WA"}),
            ({"audience": "ways", "ways": ["policy", "media"]}, {"ways": "policy media", "places": ""}),
            ({"audience": "news", "places": ["CA-ON"], "ways": ["media"]}, {"places": "", "ways": "", "chapter": None}),
            ({"audience": "representatives", "language": "es"}, {"audience": "representatives", "language": ""}),
            ({"body": f"To every {TELLING}"}, {"body": f"To every {TELLING}"}),
        ],
    )
    def test_only_what_the_audience_needs_is_saved(self, client, ada, said, kept):
        write(client, **said)
        assert Announcement.objects.filter(**kept).count() == 1

    def test_a_chapter_is_chosen_by_its_name(self, client, ada):
        here = chapter()
        write(client, audience="chapter", chapter=here.pk)
        assert [sent.chapter for sent in Announcement.objects.all()] == [here]

    def test_a_draft_can_be_changed(self, client, ada):
        sent = announcement()
        client.post(change_of(sent), {"audience": "news", **WORDS, "subject": "Friday"})
        sent.refresh_from_db()
        assert (sent.subject, sent.state) == ("Friday", State.DRAFT)

    def test_a_sent_announcement_cannot_be_changed_or_deleted(self, client, ada):
        sent = announcement()
        send(sent)
        assert client.get(change_of(sent))["Location"] == page_of("progress", sent)
        client.post(change_of(sent), {"audience": "news", **WORDS, "subject": "Friday"})
        thrown = client.post(reverse("admin:members_announcement_delete", args=[sent.pk]), {"post": "yes"})
        sent.refresh_from_db()
        assert (sent.subject, sent.state, thrown.status_code) == ("Thursday", State.SENDING, 403)

    def test_a_form_that_was_open_while_it_was_sent_does_not_reset_it(self, client, ada, monkeypatch):
        sent = announcement()
        monkeypatch.setattr(
            "members.announcements.forms.AnnouncementForm._check_whom", lambda form, data: send(sent)
        )  # another window sends it in the middle of this request
        answer = client.post(change_of(sent), {"audience": "news", **WORDS, "subject": "Friday"}, follow=True)
        sent.refresh_from_db()
        assert (sent.subject, sent.state) == ("Thursday", State.SENDING)
        assert "Nothing was changed." in answer.content.decode()

    def test_a_draft_can_be_deleted(self, client, ada):
        client.post(reverse("admin:members_announcement_delete", args=[announcement().pk]), {"post": "yes"})
        assert Announcement.objects.count() == 0


class TestPreview:
    def test_it_shows_in_ranges_how_many_get_it_and_why_others_do_not(self, client, ada):
        for number in range(5):
            member(number), member(10 + number, contact="discreet"), member(20 + number, contact="none")
        member(30, newsletter=False)
        page = Page(client.get(page_of("look", announcement())).content.decode())
        assert facts(page) == [
            ("Who gets it", "everyone who asked for news"),
            ("Recipients", "10 to 14 people, 5 to 9 of them in the discreet version"),
            ("Skipped", "5 to 9: asked us never to email, or gave no address"),
        ]

    def test_for_very_few_people_it_does_not_show_who_stopped_emails(self, client, ada):
        [one, *_others] = members(4)
        sent = announcement()
        before = messages_on(client, page_of("look", sent))
        make.stop(one.email_index, Suppression.Reason.NEVER)
        assert messages_on(client, page_of("look", sent)) == before

    def test_it_can_be_sent_even_if_each_of_very_few_stopped_emails(self, client, ada):
        make.stop(member().email_index, Suppression.Reason.NEVER)
        page = client.get(page_of("look", announcement())).content.decode()
        assert ("No one would get this announcement" in page, page_buttons(page)) == (False, ["Send", "Schedule"])

    def test_both_forms_are_shown_as_they_will_read(self, client, ada):
        sent = announcement(body="heron " * 40, discreet_body="We meet.")
        page = Page(client.get(page_of("look", sent)).content.decode())
        plain, discreet = [element["text"] for element in page.all(tag="pre")]
        assert plain.splitlines()[0] == "heron " * 11 + "heron"
        assert discreet.splitlines()[0] == "We meet."
        assert ["/unsubscribe" in text or "stop-link" in text for text in (plain, discreet)] == [True, True]

    def test_without_recipients_it_says_so_and_has_no_button(self, client, ada):
        page = client.get(page_of("look", announcement())).content.decode()
        assert ("No one would get this announcement" in page, page_buttons(page)) == (True, [])

    def test_a_test_email_goes_to_the_user_in_both_forms_and_never_to_a_typed_address(self, client, ada):
        type(ada).objects.filter(pk=ada.pk).update(address=ADDRESS)
        page = client.post(page_of("test", announcement()), {"to": cast.ADDRESS}, follow=True).content.decode()
        assert "Both versions are in the outbox" in page
        assert [email.to for email in OutgoingEmail.objects.all()] == [ADDRESS] * 2

    def test_without_an_address_of_their_own_it_says_where_to_add_one(self, client, ada):
        sent = announcement()
        page = client.get(page_of("look", sent)).content.decode()
        own = reverse("admin:accounts_user_change", args=[ada.pk])
        assert (own in page, "add your work address first" in page) == (True, True)
        said = client.post(page_of("test", sent), {"to": cast.ADDRESS}, follow=True).content.decode()
        assert ("because we have no email address for you." in said, OutgoingEmail.objects.count()) == (True, 0)


class TestSending:
    def test_the_button_names_the_range_and_sends(self, client, ada):
        members(5)
        sent = announcement()
        assert "Send it (5 to 9 people)" in client.get(page_of("look", sent)).content.decode()
        page = post_send(client, sent).content.decode()
        sent.refresh_from_db()
        assert ("Sending has started." in page, sent.state, sent.meant_for) == (True, State.SENDING, 5)

    def test_previewing_sends_nothing(self, client, ada):
        sent = announcement()
        for page in ("look", "send", "schedule"):
            client.get(page_of(page, sent))
        sent.refresh_from_db()
        assert sent.state == State.DRAFT

    def test_the_page_that_sends_shows_the_current_text(self, client, ada):
        """The text changed after the preview: the page that sends shows the current text, in both forms."""
        sent = announcement()
        client.get(page_of("look", sent))
        rewrite(Announcement.objects.filter(pk=sent.pk), body="The heron, now.", discreet_body="A bird, now.")
        page = client.get(page_of("look", sent)).content.decode()
        assert ["The heron, now." in page, "A bird, now." in page] == [True, True]

    def test_text_that_changed_meanwhile_is_not_sent(self, client, ada):
        member()
        sent = announcement()
        seen = seen_of(client, sent)
        rewrite(Announcement.objects.filter(pk=sent.pk), body="Other words.")
        page = client.post(page_of("send", sent), {"seen": seen}, follow=True).content.decode()
        sent.refresh_from_db()
        assert ("Check it again." in page, sent.state) == (True, State.DRAFT)

    @pytest.mark.parametrize(
        ("word", "state", "said"),
        [
            ("pause", State.PAUSED, "Paused."),
            ("stop", State.STOPPED, "Stopped."),
            ("resume", State.SENDING, "Someone else acted first."),
        ],
    )
    def test_an_action_while_it_is_being_sent(self, client, ada, word, state, said):
        sent = announcement()
        send(sent)
        page = client.post(page_of("action", sent, word=word), follow=True).content.decode()
        sent.refresh_from_db()
        assert (sent.state, said in page) == (state, True)

    def test_a_paused_announcement_can_be_resumed(self, client, ada):
        sent = announcement()
        send(sent)
        client.post(page_of("action", sent, word="pause"))
        client.post(page_of("action", sent, word="resume"))
        sent.refresh_from_db()
        assert sent.state == State.SENDING

    def test_only_a_post_acts(self, client, ada):
        sent = announcement()
        send(sent)
        assert client.get(page_of("action", sent, word="stop")).status_code == 405
        assert client.post(page_of("action", sent, word="delete")).status_code == 404

    def test_the_delivery_status_shows_the_progress(self, client, ada):
        members(5)
        sent = announcement()
        send(sent)
        write_next_portion()
        cancel_emails(OutgoingEmail.objects.filter(batch=sent.batch))
        page = Page(client.get(page_of("progress", sent)).content.decode())
        bar = page.one(tag="progress")
        assert (bar["value"], bar["max"]) == ("9", "9")
        assert facts(page)[:6] == [
            ("Recipients when sending started", "5 to 9"),
            ("Not prepared yet", "0"),
            ("Prepared", "5 to 9"),
            ("Waiting to be sent", "0"),
            ("Sent", "0"),
            ("Canceled before sending", "5 to 9"),
        ]


class TestDelete:
    def test_one_that_was_sent_while_the_page_was_open_stays(self, client, ada, monkeypatch):
        sent = announcement()
        delete = reverse("admin:members_announcement_delete", args=[sent.pk])
        monkeypatch.setattr(
            "members.announcements.admin.services.discard_drafts", lambda these: (send(sent), 0)[1]
        )  # another window sends it in the middle of this request
        page = client.post(delete, {"post": "yes"}, follow=True).content.decode()
        assert ("Nothing was changed." in page, Announcement.objects.count()) == (True, 1)


class TestWhoMay:
    @pytest.fixture
    def writer(self, client):
        """A user who may write announcements but not send them."""
        user = make.signed_in_staff(client, "cleo", superuser=False)
        names = ["add_announcement", "change_announcement", "view_announcement"]
        user.user_permissions.set(Permission.objects.filter(codename__in=names))
        return user

    def test_authors_may_preview_but_not_send(self, client, writer):
        member()
        sent = announcement()
        page = client.get(page_of("look", sent)).content.decode()
        assert ("Edit" in page, page_buttons(page)) == (True, [])
        refused = [
            client.get(page_of("send", sent)).status_code,
            client.post(page_of("send", sent), {"seen": "x"}).status_code,
            client.post(page_of("schedule", sent), {"seen": "x"}).status_code,
            client.post(page_of("action", sent, word="stop")).status_code,
            client.post(page_of("action", scheduled(), word="cancel")).status_code,
        ]
        assert refused == [403] * 5

    def test_users_without_permission_see_nothing(self, client):
        make.signed_in_staff(client, "cleo", superuser=False)
        sent = announcement()
        pages = [LIST, ADD, *(page_of(name, sent) for name in ("look", "progress", "send", "schedule"))]
        assert [client.get(page).status_code for page in pages] == [403] * 6
        assert client.post(page_of("test", sent), {"to": "cleo@mailbox.example"}).status_code == 403


def to_its_own_chapter(number):
    """A sent announcement to the members of one chapter, by its own author."""
    circle, now = one_of_many_chapters(number), timezone.now()
    counts = {"meant_for": 9 + number, "written": number, "state": State.SENT, "started_at": now}
    if number % 3 == 1:
        counts = {"state": State.SCHEDULED, "send_at": now + timedelta(days=number), "zone": ZONES[number % 2]}
    return announcement("chapter", chapter=circle, language="fr-ca", made_by=person(f"bram{number}"), **counts)


def test_the_list_takes_the_same_queries_for_one_and_for_thirty(client, ada):
    one, thirty = for_one_and_thirty(to_its_own_chapter, lambda: client.get(LIST))
    assert (one, client.get(LIST).context["cl"].result_count) == (thirty, 30)


@pytest.mark.parametrize(
    ("page", "audience"),
    [
        ("look", "news"),
        ("look", "representatives"),
        ("look", "chapter"),
        ("look", "places"),
        ("look", "ways"),
        ("progress", "places"),
        ("progress", "ways"),
        ("progress", "representatives"),
    ],
)
def test_its_pages_take_the_same_queries_for_one_reader_and_for_thirty(client, ada, audience, page):
    """Each reader has a place, a language and a decider of their own, and a chapter of their own where that may be."""
    circle, make_one = one_of_many_chapters(99), {"look": announcement, "progress": scheduled}[page]
    sent = make_one(audience, chapter=circle, places="CA", made_by=person("bram"))

    def create(number):
        member = cast.one_of_many(number, **({"chapter": circle} if audience == "chapter" else {"country": "CA"}))
        cast.put(member, "approved", newsletter=True, ways_to_help="meetings")
        user = person(f"orla{number}", address=f"orla{number}@mailbox.example")
        representative_of_a_chapter(one_of_many_chapters(number), user=user)

    one, thirty = for_one_and_thirty(create, lambda: client.get(page_of(page, sent)))
    assert (one, audience_of(sent).reach().getting) == (thirty, 30)
