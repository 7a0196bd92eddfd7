"""For all representatives: they see who serves as each agreed, their meetings and handbook, and can write to all."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from chapters.models import GroupMessage, Representative
from chapters.representatives.group_messages import send_to_all
from chapters.representatives.stepping_down import step_down
from members.purge import purge
from s4jr.audit.models import AccessLog
from s4jr.conversations.models import SavedReply
from s4jr.crypto.blind_index import blind_index
from s4jr.mail.discreet import coalition_words_in
from s4jr.mail.models import OutgoingEmail
from tests import make
from tests.chapters import cast
from tests.chapters.meetings.meetings import make_meeting
from tests.chapters.representatives import people
from tests.query_counts import LANGUAGES, for_one_and_thirty

pytestmark = pytest.mark.django_db
TOGETHER, WRITE = reverse("representatives_together"), reverse("group_message_write")
PAGES = [
    reverse(name)
    for name in (
        "representatives_together", "representatives_serving", "representatives_past_meetings",
        "representatives_handbook", "group_messages",
    )
]  # fmt: skip
WORDS = "Does anyone have a heron leaflet in French?"


@pytest.fixture
def term(client):
    return people.signed_in_representative(client)


def words_of(response):
    return " ".join(response.content.decode().split())


def page_of(client, address=TOGETHER):
    return words_of(client.get(address))


def emails():
    return list(OutgoingEmail.objects.filter(kind="admin-group-message").order_by("pk"))


class TestAccess:
    def test_those_who_serve_can_read_every_page(self, client, term):
        assert [client.get(page).status_code for page in [*PAGES, WRITE]] == [200] * 6

    def test_others_learn_nothing_of_it(self, client):
        assert [client.get(page).status_code for page in PAGES] == [302] * 5
        people.sign_in(client, people.somebody("edda"))
        assert [client.get(page).status_code for page in [*PAGES, WRITE]] == [404] * 6

    def test_a_term_that_ended_closes_it(self, client, term):
        step_down(term)
        people.sign_in(client, term.user)
        assert client.get(TOGETHER).status_code == 404

    @pytest.mark.parametrize(
        ("right", "status"), [("change_representative", 200), ("change_textblock", 200), ("change_member", 404)]
    )
    def test_admins_who_appoint_or_edit_texts_can_read_it_and_write_to_no_one(self, client, right, status):
        cleo = make.admin("cleo", superuser=False)
        cleo.user_permissions.set(Permission.objects.filter(codename=right))
        make.second_factor(cleo)
        people.sign_in(client, cleo)
        assert [client.get(page).status_code for page in PAGES] == [status] * 5
        assert client.get(WRITE).status_code == 404


class TestWhoServes:
    def test_a_public_profile_is_there_by_name_and_any_other_by_place_only(self, client, term):
        hidden = {"confirmed_on": None, "consent_until": None}
        cast.representative("bram", place="CA-QC", display_name="Bram Madeup", **hidden)
        page = page_of(client)
        assert ("<bdi>Orla Invented</bdi>, Ontario (you)" in page, "<span>Quebec</span>" in page) == (True, True)
        assert [secret for secret in ("Bram", cast.ADDRESS) if secret in page] == []

    def test_a_name_without_its_province_is_there_with_the_country_only(self, client, term):
        cast.representative("edda", place="US-VT", display_name="Edda Fictive", shows_region=False)
        page = page_of(client)
        assert ("<bdi>Edda Fictive</bdi>, United States" in page, "Vermont" in page) == (True, False)

    def test_former_representatives_are_not_there(self, client, term):
        step_down(cast.representative("edda", display_name="Edda Fictive"))
        assert "Edda" not in page_of(client)

    def test_the_first_page_shows_six_and_leads_to_all(self, client, term):
        for number in range(7):
            cast.representative(f"edda{number}", display_name=f"Edda {number}")
        assert page_of(client).count("<bdi>") == 6
        assert "All 8 representatives" in page_of(client)
        assert page_of(client, reverse("representatives_serving")).count("<bdi>") == 8


class TestMeetings:
    def past(self, **facts):
        return make_meeting(
            **{
                "audience": "representatives",
                "starts_at": timezone.now() - timedelta(days=3),
                "title": "Heron",
                **facts,
            }
        )

    def test_past_ones_have_a_link_to_their_notes(self, client, term):
        meeting = self.past(notes="We talked.")
        address = reverse("representative_meeting", args=[meeting.pk])
        assert f'href="{address}#notes"' in page_of(client)
        assert "We talked." in page_of(client, address)

    def test_upcoming_ones_are_there_too(self, client, term):
        make_meeting(audience="representatives", title="Kingfisher")
        assert "Kingfisher" in page_of(client)

    def test_meetings_of_others_are_not(self, client, term):
        self.past(region="CA-QC", title="Of Quebec")
        self.past(audience="members", title="Of members")
        self.past(is_published=False, title="A draft")
        page = page_of(client) + page_of(client, reverse("representatives_past_meetings"))
        assert [title for title in ("Of Quebec", "Of members", "A draft") if title in page] == []


class TestHandbook:
    def test_it_shows_our_draft_and_the_sample_answers_of_representatives_only(self, client, term):
        SavedReply.objects.create(title="A few days", text="Give me a few days.", audience="representatives")
        SavedReply.objects.create(title="Of admins", text="We read it together.")
        page = page_of(client, reverse("representatives_handbook"))
        said = ["Answer people who write to you", "Give me a few days.", "Of admins", "edit-this"]
        assert [text in page for text in said] == [True, True, False, False]
        assert "draft" in page

    def test_an_editor_can_edit_it_there(self, client):
        make.signed_in_staff(client)
        assert 'class="edit-this"' in page_of(client, reverse("representatives_handbook"))


class TestWriting:
    def write(self, client, words=WORDS, action="send", **more):
        token = client.get(WRITE).context["form"]["form_token"].value()
        return client.post(WRITE, {"words": words, "form_token": token, "action": action, **more})

    def test_a_preview_shows_it_as_others_will_read_it_and_sends_nothing(self, client, term):
        page = words_of(self.write(client, action="preview"))
        assert [text in page for text in ("How others will read it", f"<p>{WORDS}</p>", "Send to all")] == [True] * 3
        assert "Send to all representatives</button>" not in page_of(client, WRITE)
        assert (GroupMessage.objects.count(), emails()) == (0, [])

    def test_all_others_read_it_on_the_site_and_the_email_says_only_that_it_is_there(self, client, term):
        for number, language in enumerate(LANGUAGES):
            cast.representative(user=people.somebody(f"edda{number}"), language=language)
        answer = self.write(client)
        assert (answer.status_code, answer.url) == (302, TOGETHER)
        page = page_of(client)
        assert ("<bdi>Orla Invented</bdi>, Ontario" in page, f"<p>{WORDS}</p>" in page) == (True, True)
        assert sorted(email.language for email in emails()) == sorted(LANGUAGES)
        bodies = " ".join(email.subject + email.body for email in emails())
        assert [secret for secret in ("heron", "Orla", "orla", "Ontario", cast.ADDRESS) if secret in bodies] == []
        assert [coalition_words_in(email.subject + email.body) for email in emails()] == [[]] * 3

    def test_it_is_encrypted(self, term):
        send_to_all(term, WORDS, "a form")
        with connection.cursor() as cursor:
            cursor.execute("SELECT words FROM chapters_groupmessage")
            [(stored,)] = cursor.fetchall()
        assert ("heron" in stored, GroupMessage.objects.get().words) == (False, WORDS)

    def test_a_form_sent_twice_is_one_message(self, client, term):
        cast.representative(user=people.somebody("edda"))
        token = client.get(WRITE).context["form"]["form_token"].value()
        answers = [self.write(client, form_token=token).status_code for _twice in range(2)]
        assert (answers, GroupMessage.objects.count(), len(emails())) == ([302, 302], 1, 1)

    def test_other_words_in_the_same_form_are_not_said_to_be_sent(self, client, term):
        token = client.get(WRITE).context["form"]["form_token"].value()
        answers = [self.write(client, words, form_token=token) for words in (WORDS, "Another heron.")]
        assert ([answer.status_code for answer in answers], GroupMessage.objects.count()) == ([302, 200], 1)
        assert "You already wrote to all representatives today." in words_of(answers[1])

    def test_a_second_message_on_the_same_day_waits_and_stays_in_the_form(self, client, term):
        self.write(client)
        answer = self.write(client, "Another heron.")
        page = words_of(answer)
        assert ("You already wrote to all representatives today." in page, "Another heron." in page) == (True, True)
        assert GroupMessage.objects.count() == 1

    def test_two_terms_of_one_person_share_the_limit_and_get_one_email(self, client, term):
        other = cast.representative(user=term.user, place="CA-QC")
        edda = people.somebody("edda")
        cast.representative(user=edda), cast.representative(user=edda, place="CA-QC")
        assert [send_to_all(term, WORDS, "one"), send_to_all(other, WORDS, "two")] == [True, False]
        assert len(emails()) == 1

    def test_several_messages_a_day_cause_one_email(self, term):
        edda = cast.representative(
            user=people.somebody(
                "edda",
            )
        )
        cast.representative(user=people.somebody("bram"))
        send_to_all(term, WORDS, "one"), send_to_all(edda, WORDS, "two")
        assert sorted(email.about for email in emails()) == sorted(
            f"representative {each.pk}" for each in Representative.objects.all()
        )

    def test_those_who_stopped_emails_or_gave_no_address_get_none(self, term):
        cast.representative(user=people.somebody("edda"))
        make.stop(blind_index(cast.ADDRESS), "unsubscribed")
        cast.representative("bram", user=make.person_who_signs_in("bram", address=""))
        assert (send_to_all(term, WORDS, "one"), emails()) == (True, [])

    @pytest.mark.parametrize("words", ["", "write to orla@mailbox.example", "x" * 2001])
    def test_nothing_empty_too_long_or_with_an_address_is_sent(self, client, term, words):
        answer = self.write(client, words)
        assert (list(answer.context["form"].errors), GroupMessage.objects.count()) == (["words"], 0)

    def test_reading_and_sending_are_logged(self, client, term):
        self.write(client)
        client.get(TOGETHER)
        number = str(GroupMessage.objects.get().pk)
        logged = AccessLog.objects.filter(object_kind="chapters.groupmessage").order_by("pk")
        assert list(logged.values_list("who", "action", "object_id", "field_names")) == [
            ("orla", "sent", number, "words"), ("orla", "opened", number, "words"),
        ]  # fmt: skip

    def test_a_writer_whose_profile_is_hidden_is_there_by_place_only(self, client, term):
        other = cast.representative("bram", place="CA-QC", display_name="Bram", confirmed_on=None, consent_until=None)
        send_to_all(other, WORDS, "one")
        page = page_of(client)
        assert ("<h3>Quebec, " in page, "Bram" in page) == (True, False)

    def test_it_is_deleted_in_time(self, settings, term):
        send_to_all(term, WORDS, "one")
        GroupMessage.objects.update(sent_on=timezone.now().date() - timedelta(days=settings.CONVERSATION_DAYS))
        purge()
        assert GroupMessage.objects.count() == 0


class TestDeleting:
    def delete(self, client):
        return client.post(reverse("group_message_delete", args=[GroupMessage.objects.get().pk]))

    def test_its_writer_deletes_it(self, client, term):
        send_to_all(term, WORDS, "one")
        assert "Delete this message" in page_of(client)
        self.delete(client)
        assert GroupMessage.objects.count() == 0

    def test_another_representative_cannot(self, client, term):
        send_to_all(cast.representative("bram"), WORDS, "one")
        assert "Delete this message" not in page_of(client)
        self.delete(client)
        assert GroupMessage.objects.count() == 1

    @pytest.mark.parametrize(("rights", "left"), [(["change_representative"], 1), (["settle_reports"], 0)])
    def test_an_admin_who_settles_reports_can(self, client, rights, left):
        send_to_all(cast.representative("bram"), WORDS, "one")
        cleo = make.admin("cleo", superuser=False)
        codenames = ["change_textblock", *rights]
        cleo.user_permissions.set(Permission.objects.filter(codename__in=codenames))
        make.second_factor(cleo)
        people.sign_in(client, cleo)
        self.delete(client)
        assert GroupMessage.objects.count() == left


@pytest.mark.parametrize("page", PAGES)
def test_the_pages_take_the_same_queries_for_one_and_for_thirty(client, term, page):
    def create(number):
        user = make.person_who_signs_in(f"edda{number}", address=f"edda{number}@mailbox.example")
        chapter = cast.one_of_many_chapters(number)
        other = cast.of_chapter(chapter, user=user, language=LANGUAGES[number % 3])
        GroupMessage.objects.create(term=other, words=WORDS, sent_on=cast.today(), form_token=f"form {number}")
        make_meeting(audience="representatives", starts_at=timezone.now() - timedelta(days=number + 1))
        SavedReply.objects.create(title=f"Reply {number}", text=WORDS, audience="representatives")

    one, thirty = for_one_and_thirty(create, lambda: client.get(page))
    assert one == thirty
