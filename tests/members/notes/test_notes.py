"""Notes about a person: encrypted, shown on the opened record and in their own download, gone with the person."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial

import pytest
from django.contrib.auth.models import Group
from django.db import connection, connections
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from members.models import Member, MemberNote
from members.notes.services import add_note, delete_note
from members.review.services import lapse
from members.self_service.access_levels import Reach
from members.self_service.data_export import as_data
from s4jr.audit.models import AccessLog
from s4jr.erasure.erase import erase
from tests import cast, make
from tests.audit.test_unreadable_values import break_one
from tests.chapters.cast import person
from tests.query_counts import for_one_and_thirty
from tests.races import race
from tests.reading import Page, words

NOTE = "Asked us to call after six; the kingfisher is a canary."
TITLE = "What volunteers noted about you"


@pytest.fixture
def ada(client):
    return make.signed_in_staff(client, "ada")


@pytest.fixture
def member():
    return cast.waiting()


def record(member):
    return reverse("admin:members_member_change", args=[member.pk])


def opened(client, member):
    return client.post(record(member), {"reason": "they called"}, follow=True).content.decode()


def add(client, member, note=NOTE, **more):
    address = reverse("admin:members_member_add_note", args=[member.pk])
    return client.post(address, {"note": note, **more}, follow=True).content.decode()


def delete(client, note):
    address = reverse("admin:members_member_delete_note", args=[note.member_id, note.pk])
    return client.post(address, follow=True).content.decode()


def notes():
    return [note.note for note in MemberNote.objects.order_by("pk")]


def log(action="changed"):
    rows = AccessLog.objects.filter(action=action).order_by("pk")
    return [(row.who, row.object_id, row.field_names, row.reason) for row in rows]


@pytest.mark.django_db
class TestAdding:
    def test_a_note_stands_on_the_opened_record_with_author_and_moment(self, client, ada, member):
        opened(client, member)
        page = add(client, member)
        assert f"Your note about {member} is saved. No email was sent. To undo, delete the note." in page
        [part] = [part for part in Page(page).all(tag="section") if part["aria-labelledby"] == "notes"]
        assert [said in words(part) for said in (NOTE, "ada", str(timezone.now().year))] == [True] * 3

    def test_it_is_logged_without_its_text_and_encrypted(self, client, ada, member):
        opened(client, member)
        add(client, member)
        assert log() == [("ada", member.number, "note", "added a note")]
        with connection.cursor() as cursor:
            cursor.execute("SELECT note FROM members_membernote")
            assert cursor.fetchone()[0].startswith("v1.")

    def test_a_record_that_is_not_open_asks_why_and_keeps_the_note(self, client, ada, member):
        page = add(client, member)
        assert ("Why are you opening this record?" in page, notes()) == (True, [])
        [carried] = Page(page).all(type="hidden", name="note")
        address = reverse("admin:members_member_add_note", args=[member.pk])
        said = {"note": carried["value"], "opening-carries": "1", "opening-reason": "they called"}
        client.post(address, said)
        assert notes() == [NOTE]

    @pytest.mark.parametrize(("note", "error"), [(" ", "Write the note first."), ("x" * 2_001, "Shorten this to 2000")])
    def test_a_blank_or_very_long_note_is_refused_and_stays_in_the_box(self, client, ada, member, note, error):
        opened(client, member)
        page = add(client, member, note)
        assert (error in page, note.strip() in page, notes()) == (True, True, [])

    def test_a_form_sent_twice_adds_one_note_and_leads_to_it(self, client, ada, member):
        [token] = [one["value"] for one in Page(opened(client, member)).all(name="form_token")]
        pages = [add(client, member, form_token=token) for _ in range(2)]
        assert [f"Your note about {member} is saved." in page for page in pages] == [True, True]
        assert (notes(), log()) == ([NOTE], [("ada", member.number, "note", "added a note")])

    def test_a_form_sent_again_with_other_words_keeps_both(self, client, ada, member):
        [token] = [one["value"] for one in Page(opened(client, member)).all(name="form_token")]
        for said in (NOTE, "Call after seven instead.", NOTE):
            add(client, member, said, form_token=token)
        assert notes() == [NOTE, "Call after seven instead."]

    def test_a_form_that_is_sent_about_someone_else_adds_a_note_about_them(self, client, ada, member):
        [token] = [one["value"] for one in Page(opened(client, member)).all(name="form_token")]
        other = cast.waiting(email="other@mailbox.example")
        opened(client, other)
        for one in (member, other):
            add(client, one, form_token=token)
        assert list(MemberNote.objects.order_by("pk").values_list("member", flat=True)) == [member.pk, other.pk]

    def test_two_forms_with_the_same_words_add_two_notes(self, client, ada, member):
        for _ in range(2):
            [token] = [one["value"] for one in Page(opened(client, member)).all(name="form_token")]
            add(client, member, form_token=token)
        assert notes() == [NOTE, NOTE]

    def test_a_person_deleted_meanwhile_gets_none(self, ada, member):
        row = member.row
        erase(row)
        assert (add_note(row, NOTE, by=ada), notes(), log()) == (None, [], [])

    def test_needs_the_permission_to_change_members(self, client, member):
        make.signed_in_staff(client, "grace", superuser=False)
        address = reverse("admin:members_member_add_note", args=[member.pk])
        assert (client.post(address, {"note": NOTE}).status_code, notes()) == (403, [])

    def test_a_request_without_a_form_changes_nothing(self, client, ada, member):
        assert client.get(reverse("admin:members_member_add_note", args=[member.pk])).status_code == 405


@pytest.mark.django_db
class TestReading:
    def test_a_record_without_a_reason_shows_no_note(self, client, ada, member):
        add_note(member.row, NOTE, by=ada)
        assert NOTE not in client.get(record(member)).content.decode()

    def test_the_opening_names_the_notes_in_the_log(self, client, ada, member):
        add_note(member.row, NOTE, by=ada)
        assert NOTE in opened(client, member)
        [(_who, _number, names, _reason)] = log("opened")
        assert "note" in names.split()

    def test_only_readers_of_the_queue_page_do_not_see_them(self, client, ada, member):
        add_note(member.row, NOTE, by=ada)
        page = client.post(reverse("admin:members_member_start_reading"), follow=True).content.decode()
        assert (cast.NAME in page, NOTE in page) == (True, False)

    def test_a_note_that_cannot_be_decrypted_says_so(self, client, ada, member):
        broken = add_note(member.row, NOTE, by=ada)
        break_one(broken, "note")
        page = opened(client, member)
        assert ("This encrypted value can’t be decrypted." in page, cast.NAME in page) == (True, True)

    def test_the_record_takes_the_same_queries_for_one_note_and_for_thirty(self, client, ada, member):
        opened(client, member)

        def write(number):
            add_note(member.row, f"{NOTE} {number}", by=person(f"author-{number}"))

        one, thirty = for_one_and_thirty(write, lambda: client.get(record(member)))
        assert one == thirty

    def test_markup_in_a_note_is_text(self, client, ada, member):
        opened(client, member)
        assert "&lt;b&gt;bold&lt;/b&gt;" in add(client, member, "<b>bold</b>")


@pytest.mark.django_db
class TestDeleting:
    def test_the_author_deletes_their_own(self, client, ada, member):
        note = add_note(member.row, NOTE, by=ada)
        page = delete(client, note)
        assert (f"Your note about {member} is deleted. This can’t be undone." in page, notes()) == (True, [])
        assert log()[-1] == ("ada", member.number, "note", "deleted a note")

    def test_nobody_deletes_another_s_and_sees_no_button_for_it(self, client, ada, member):
        note = add_note(member.row, NOTE, by=make.admin("bo"))
        assert f"Nothing was deleted: the note about {member} is gone, or someone else wrote it." in delete(
            client, note
        )
        assert (notes(), "Delete the note" in opened(client, member)) == ([NOTE], False)

    def test_a_note_of_another_member_is_not_deleted_by_this_ones_address(self, ada, member):
        note = add_note(member.row, NOTE, by=ada)
        other = cast.waiting(email="other@mailbox.example")
        assert (delete_note(MemberNote.objects.filter(pk=note.pk), other, by=ada), notes()) == (0, [NOTE])

    def test_a_note_outlives_its_author_s_account(self, client, ada, member):
        bo = make.admin("bo")
        add_note(member.row, NOTE, by=bo)
        bo.delete()
        page = opened(client, member)
        assert (NOTE in page, "a former admin" in page) == (True, True)


@pytest.mark.django_db
class TestGoing:
    def test_notes_are_erased_with_the_person_and_the_receipt_counts_them(self, ada, member):
        for _ in range(2):
            add_note(member.row, NOTE, by=ada)
        erasure = erase(member.row)
        assert (notes(), dict(erasure.erased)["Notes that volunteers wrote about you"]) == ([], 2)

    def test_notes_go_when_an_application_is_not_answered_in_time(self, ada, member, settings):
        add_note(member.row, NOTE, by=ada)
        today = timezone.now().date()
        assert lapse(Member.objects.all(), today + timedelta(days=settings.UNDECIDED_DAYS)) == 1
        assert notes() == []

    def test_the_download_has_them_without_their_authors(self, ada, member):
        add_note(member.row, NOTE, by=ada)
        data = as_data(member, Reach.WHOLE, is_proved=True)
        assert data[TITLE] == [{"what": NOTE, "written on": date_format(timezone.now())}]

    @pytest.mark.parametrize("reach", [Reach.LINK, Reach.CODE])
    def test_a_link_or_a_code_alone_shows_neither_notes_nor_whether_there_are_any(self, ada, member, reach):
        without = as_data(member, reach, is_proved=True)
        add_note(member.row, NOTE, by=ada)
        with_note = as_data(member, reach, is_proved=True)
        assert (with_note, NOTE in str(with_note)) == (without, False)


@pytest.mark.django_db
def test_readers_may_write_notes(client, member):
    user = make.signed_in_staff(client, "grace", superuser=False)
    user.groups.add(Group.objects.get(name="Reader"))
    opened(client, member)
    add(client, member)
    assert notes() == [NOTE]


@pytest.mark.django_db(transaction=True)
def test_two_presses_of_delete_at_once_are_one_deletion():
    ada, member = make.admin("ada"), cast.waiting()
    note = add_note(member.row, NOTE, by=ada)

    def press(_turn):
        try:
            return delete_note(MemberNote.objects.filter(pk=note.pk), member, by=ada)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as threads:
        deleted = sorted(threads.map(press, range(4)))
    assert (deleted, log()[1:]) == ([0, 0, 0, 1], [("ada", member.number, "note", "deleted a note")])


@pytest.mark.django_db(transaction=True)
def test_a_form_sent_twice_at_once_adds_one_note():
    ada, member = make.admin("ada"), cast.waiting()
    added = race(*[partial(add_note, member.row, NOTE, by=ada, form_token="one form")] * 4)
    assert (len({note.pk for note in added}), notes()) == (1, [NOTE])
