"""Representatives can step down: the page explains the effects, one step does it, and the coalition knows."""

from datetime import timedelta

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from chapters.models import Representative, RepresentativeMessage, StepDown
from chapters.representatives.appointments import end_term
from chapters.representatives.services import renew_consent
from chapters.representatives.stepping_down import left_behind, settle_step_down, step_down
from members.purge import purge
from s4jr.audit.models import AccessLog
from s4jr.mail.models import OutgoingEmail
from tests import make
from tests.chapters import cast
from tests.chapters.meetings.meetings import make_meeting
from tests.chapters.representative_messages.cast import message
from tests.chapters.representatives import people

pytestmark = pytest.mark.django_db


@pytest.fixture
def term(client):
    return people.signed_in_representative(client)


def page_of(term):
    return reverse("representative_step_down", args=[term.pk])


def words_of(response):
    return " ".join(response.content.decode().split())


def now(term):
    return Representative.objects.get(pk=term.pk)


def test_the_representative_page_links_to_it(client, term):
    assert f'href="{page_of(term)}"' in client.get(reverse("representative_term", args=[term.pk])).content.decode()


def test_the_page_explains_the_effects_and_changes_nothing(client, term):
    message(term)
    make_meeting(region="CA-ON")
    page = words_of(client.get(page_of(term)))
    said = ["no longer shown", "1 message to you has no answer yet.", "1 meeting is still to come.", "signed out"]
    assert ([words in page for words in said], now(term).is_serving) == ([True] * 4, True)


def test_one_button_ends_the_term_hides_the_profile_and_signs_out(client, term):
    renew_consent(Representative.objects.filter(pk=term.pk))
    answer = client.post(page_of(term), follow=True)
    assert answer.redirect_chain == [(reverse("stepped_down"), 302)]
    assert "You have stepped down" in words_of(answer)
    assert (now(term).is_serving, now(term).is_public) == (False, False)
    assert client.get(reverse("representative_home")).status_code == 302


def test_waiting_senders_get_an_email_and_meetings_stay(client, term):
    waiting, meeting = message(term), make_meeting(region="CA-ON")
    client.post(page_of(term))
    waiting.refresh_from_db()
    meeting.refresh_from_db()
    assert (waiting.state, meeting.is_canceled) == (RepresentativeMessage.State.CLOSED, False)
    assert [email.kind for email in OutgoingEmail.objects.filter(to_index=waiting.email_index)] == ["term-ended"]


def test_coordinators_get_an_email_with_numbers_and_no_name(client, term):
    make.admin("ada", address="ada@coalition.example")
    make.admin("cleo", superuser=False, address="cleo@coalition.example")
    message(term)
    make_meeting(region="CA-ON")
    client.post(page_of(term))
    [email] = OutgoingEmail.objects.filter(kind="admin-stepped-down")
    assert (email.to, "to come: 1" in email.body, "not answered: 1" in email.body) == (
        "ada@coalition.example", True, True,
    )  # fmt: skip
    assert [canary for canary in ("orla", "Ontario", "CA-ON", cast.ADDRESS) if canary in email.body] == []


def test_the_log_records_who_ended_the_term(client, term):
    client.post(page_of(term))
    [entry] = AccessLog.objects.filter(action="decided")
    assert (entry.who, entry.object_id, entry.field_names) == ("orla", str(term.pk), "ends_on")


def test_a_second_post_changes_nothing(client, term):
    make.admin("ada", address="ada@coalition.example")
    assert [step_down(term), step_down(term)] == [True, False]
    assert OutgoingEmail.objects.filter(kind="admin-stepped-down").count() == 1


def test_representatives_cannot_end_terms_of_others(client, term):
    other = cast.representative(user=people.somebody("edda"))
    assert client.post(page_of(other)).status_code == 404
    assert now(other).is_serving


def test_another_term_of_theirs_continues(client, term):
    other = cast.representative(user=term.user, region="CA-QC")
    client.post(page_of(term))
    assert (now(term).is_serving, now(other).is_serving) == (False, True)


def test_it_says_whether_another_host_can_take_the_meetings(client, term):
    make_meeting(region="CA-ON")
    alone = left_behind(term).has_others
    cast.representative(user=people.somebody("edda"))
    assert (alone, left_behind(term).has_others) == (False, True)
    assert "The other representatives can change or cancel them" in words_of(client.get(page_of(term)))


def test_a_meeting_of_another_place_is_not_counted(term):
    make_meeting(region="CA-QC")
    make_meeting(region="CA-ON", is_canceled=True)
    assert left_behind(term).meetings == 0


def test_it_takes_effect_today_even_on_the_first_day_of_a_term(client, term):
    Representative.objects.filter(pk=term.pk).update(begins_on=timezone.now().date())
    client.post(page_of(term))
    assert not now(term).is_serving


# --- the note for whoever follows

NOTE = "The heron circle meets on the first Monday."


def test_the_note_is_kept_encrypted_for_whoever_follows(client, term):
    client.post(page_of(term), {"note": NOTE})
    with connection.cursor() as cursor:
        cursor.execute("SELECT note FROM chapters_stepdown")
        [(stored,)] = cursor.fetchall()
    kept = StepDown.objects.get()
    assert (kept.note, kept.has_note, "heron" in stored, kept.on) == (NOTE, True, False, timezone.now().date())


def test_the_note_is_optional_and_one_that_is_too_long_ends_nothing(client, term):
    answer = client.post(page_of(term), {"note": "x" * 2001})
    assert (list(answer.context["form"].errors), now(term).is_serving) == (["note"], True)
    client.post(page_of(term))
    assert StepDown.objects.get().has_note is False


def notes_page(client, term):
    return words_of(client.get(reverse("representative_handover_notes", args=[term.pk])))


def home_of(client, term):
    return words_of(client.get(reverse("representative_term", args=[term.pk])))


def test_the_next_representative_of_the_place_reads_it_and_the_access_is_logged(client):
    step_down(cast.representative(user=people.somebody("edda")), NOTE)
    term = people.signed_in_representative(client)
    assert "left a note for you" in home_of(client, term)
    assert NOTE in notes_page(client, term)
    [entry] = AccessLog.objects.filter(action="opened")
    assert (entry.who, entry.object_id, entry.field_names) == ("orla", str(StepDown.objects.get().pk), "note")


def test_representatives_of_other_places_and_chapters_do_not(client):
    step_down(cast.representative(user=people.somebody("edda"), place="CA-QC"), NOTE)
    step_down(cast.of_chapter(cast.chapter()), NOTE)
    term = people.signed_in_representative(client)
    assert ("left a note" in home_of(client, term), NOTE in notes_page(client, term)) == (False, False)


def test_a_step_down_without_a_note_shows_none(client):
    step_down(cast.representative(user=people.somebody("edda")))
    term = people.signed_in_representative(client)
    assert "left a note" not in home_of(client, term)


def test_the_note_is_deleted_in_time(settings, term):
    step_down(term, NOTE)
    StepDown.objects.update(on=timezone.now().date() - timedelta(days=settings.HANDOVER_DAYS - 1))
    purge()
    assert StepDown.objects.count() == 1
    StepDown.objects.update(on=timezone.now().date() - timedelta(days=settings.HANDOVER_DAYS))
    purge()
    assert StepDown.objects.count() == 0


# --- the coalition knows


def admin_page(term, name="change"):
    return reverse(f"admin:chapters_representative_{name}", args=[term.pk])


@pytest.fixture
def left(db):
    term = cast.representative(user=people.somebody("edda"))
    step_down(term, NOTE)
    return term


def test_the_to_do_list_leads_to_the_term_and_one_button_settles_it(client, left):
    ada = make.signed_in_staff(client)
    listed = client.get("/manage/chapters/representative/?term=stepped_down")
    assert (listed.context["cl"].result_count, "find someone" in words_of(client.get("/manage/"))) == (1, True)
    page = words_of(client.get(admin_page(left)))
    assert [text in page for text in ("They stepped down on", "Appoint someone for Ontario", NOTE)] == [
        True, True, False,
    ]  # fmt: skip
    client.post(admin_page(left, "settle"))
    entry = AccessLog.objects.filter(field_names="settled_on").get()
    assert (Representative.objects.stepped_down().count(), entry.who) == (0, str(ada))


def test_a_second_admin_changes_nothing(client, left):
    ada = make.signed_in_staff(client)
    assert [settle_step_down(left, by=ada), settle_step_down(left, by=ada)] == [True, False]


def test_one_button_puts_it_back_on_the_to_do_list_and_a_second_admin_changes_nothing(client, left):
    make.signed_in_staff(client)
    said = words_of(client.post(admin_page(left, "settle"), follow=True))
    assert "To undo, select “Put back on the to-do list”." in said
    first, second = (words_of(client.post(admin_page(left, "unsettle"), follow=True)) for _ in range(2))
    assert ["is on the to-do list again" in page for page in (first, second)] == [True, False]
    assert ("We thanked them" in first, "Nothing changed." in second) == (True, True)
    assert Representative.objects.stepped_down().count() == 1
    assert list(AccessLog.objects.filter(field_names="settled_on").order_by("pk").values_list("action", flat=True)) == [
        "decided", "undone",
    ]  # fmt: skip


def test_an_admin_says_why_before_reading_the_note(client, left):
    make.signed_in_staff(client)
    asked = words_of(client.get(admin_page(left, "handover_note")))
    assert (NOTE in asked, "to find a new representative" in asked) == (False, True)
    read = client.post(admin_page(left, "handover_note"), {"reason": "to find someone"}, follow=True)
    assert NOTE in words_of(read)
    assert AccessLog.objects.get(action="opened").reason == "to find someone"


def test_a_term_without_a_note_has_no_page_for_it(client, term):
    client.logout()
    make.signed_in_staff(client)
    assert client.get(admin_page(term, "handover_note")).status_code == 404


def test_the_link_to_appoint_someone_fills_in_the_place(client, left):
    make.signed_in_staff(client)
    form = client.get("/manage/chapters/representative/add/?place=CA-ON").context["form"]
    assert form["place"].value() == "CA-ON"


def test_a_term_that_an_admin_ended_is_not_on_the_to_do_list(term):
    end_term(term, by=None)
    assert Representative.objects.stepped_down().count() == 0
