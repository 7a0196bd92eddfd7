"""Erased people stay erased, even if an earlier backup is restored."""

import io
import sys
from datetime import timedelta

import pytest
from django.core import serializers
from django.core.management import CommandError, call_command
from django.utils import timezone

from members.models import Inquiry, Member, MemberLink
from members.retention import erase_members
from s4jr.erasure import tombstones
from s4jr.erasure.erase import erase
from s4jr.erasure.models import Tombstone
from s4jr.mail.models import OutgoingEmail
from tests import cast
from tests.erasure import people

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def file(settings, tmp_path):
    settings.ERASURES_FILE = tmp_path / "erasures"
    return settings.ERASURES_FILE


@pytest.fixture
def backup():
    """A function that backs up people and tombstones; calling its result restores them."""

    def take():
        models = [Member, MemberLink, Inquiry, OutgoingEmail, Tombstone]
        rows = serializers.serialize("python", [row for model in models for row in model.objects.all()])

        def restore():
            for model in reversed(models):
                model.objects.all().delete()
            for row in serializers.deserialize("python", rows):
                row.save()

        return restore

    return take


def reapply(*arguments):
    out = io.StringIO()
    call_command("reapply_erasures", *arguments, stdout=out)
    return out.getvalue()


def test_the_erasures_file_erases_people_again_after_a_restore(backup):
    member, other = cast.waiting(), cast.waiting(email="other@mailbox.example")
    restore = backup()
    erase_members(member.row)
    restore()
    assert (Member.objects.count(), Tombstone.objects.count()) == (2, 0)
    assert reapply() == f"1 tombstones; erased again: {member.number}.\n"
    assert list(Member.objects.all()) == [other]
    assert Tombstone.objects.get().number == member.number


def test_a_second_run_erases_nothing(backup):
    member = cast.waiting()
    restore = backup()
    erase_members(member.row)
    restore()
    reapply()
    assert reapply() == "1 tombstones; erased again: nobody.\n"


def test_an_export_works_like_the_file(backup, file, tmp_path):
    member = cast.waiting()
    restore = backup()
    erase_members(member.row)
    exported = io.StringIO()
    call_command("export_erasures", stdout=exported)
    assert exported.getvalue() == f"{member.number} {timezone.now().date()}\n"
    restore()
    file.unlink()
    (tmp_path / "copy").write_text(exported.getvalue())
    assert reapply("--from", str(tmp_path / "copy")) == f"1 tombstones; erased again: {member.number}.\n"


def test_the_command_reads_standard_input(backup, file, monkeypatch):
    member = cast.waiting()
    restore = backup()
    erase_members(member.row)
    restore()
    monkeypatch.setattr(sys, "stdin", io.StringIO(file.read_text()))
    file.unlink()
    assert reapply("--from", "-") == f"1 tombstones; erased again: {member.number}.\n"


def test_inquiries_erased_with_a_member_are_erased_again(backup):
    member, inquiry = cast.waiting(), people.conversation(Inquiry, number="WAAAAAA")
    restore = backup()
    erase(member.row, proved=True)
    restore()
    assert reapply() == f"2 tombstones; erased again: {', '.join(sorted([member.number, inquiry.number]))}.\n"
    assert Inquiry.objects.count() == 0


def test_a_tombstone_keeps_its_first_day(backup):
    member = cast.waiting()
    long_ago = timezone.now().date() - timedelta(days=9)
    tombstones.note_beside({member.number: long_ago})
    reapply()
    assert Tombstone.objects.get().erased_on == long_ago


def test_a_file_in_another_format_is_an_error(tmp_path):
    (tmp_path / "notes").write_text("Dear diary\n")
    with pytest.raises(CommandError, match="1 lines are no number and day"):
        reapply("--from", str(tmp_path / "notes"))
    with pytest.raises(CommandError, match="cannot be read"):
        reapply("--from", str(tmp_path / "nothing"))


def test_a_byte_order_mark_does_not_hide_the_first_number(file, tmp_path, monkeypatch):
    copy = f"\ufeff4F2A91 {timezone.now().date()}\r\n"
    (tmp_path / "copy").write_text(copy, encoding="utf-8")
    assert reapply("--from", str(tmp_path / "copy")) == "1 tombstones; erased again: nobody.\n"
    monkeypatch.setattr(sys, "stdin", io.StringIO(copy))
    reapply("--from", "-")
    assert Tombstone.objects.get().number == "4F2A91"


def test_a_file_that_is_not_utf_8_gets_an_error_message(tmp_path):
    (tmp_path / "copy").write_bytes("4F2A91 2026-01-01".encode("utf-16"))
    with pytest.raises(CommandError, match="cannot be read: it is no text in UTF-8"):
        reapply("--from", str(tmp_path / "copy"))


def test_an_erasures_file_that_is_not_utf_8_gets_an_error_and_does_not_stop_the_purge(file, caplog):
    file.write_bytes(b"\xff\xfe")
    with pytest.raises(CommandError, match="ERASURES_FILE cannot be read"):
        reapply()
    tombstones.tidy_beside()
    assert [record.levelname for record in caplog.records] == ["ERROR"]


@pytest.mark.parametrize("number", ["4f2a91", "No.4F2A91", "4F2A91" * 3, "4F2A9", "HERONS"])
def test_an_invalid_number_is_an_error_and_the_others_are_erased(backup, file, tmp_path, number):
    member = cast.waiting()
    today = timezone.now().date()
    (tmp_path / "copy").write_text(f"{number} {today}\n{member.number} {today}\n")
    with pytest.raises(CommandError, match="1 lines are no number and day"):
        reapply("--from", str(tmp_path / "copy"))
    assert (Member.objects.count(), Tombstone.objects.get().number) == (0, member.number)


@pytest.mark.parametrize("mark", ["", "W", "C-", "O-"])
def test_the_numbers_of_every_erasable_model_are_valid(mark):
    today = timezone.now().date()
    assert tombstones.read(f"{mark}4F2A91 {today}\n") == ({f"{mark}4F2A91": today}, 0)


class TestErasuresFile:
    def test_only_its_owner_can_read_it_and_it_names_no_one(self, file):
        member = cast.waiting()
        erase_members(member.row)
        assert (file.stat().st_mode & 0o777, file.read_text()) == (0o600, f"{member.number} {timezone.now().date()}\n")

    def test_a_purge_adds_missing_tombstones_and_removes_those_older_than_any_backup(self, file, settings):
        today = timezone.now().date()
        tombstones.keep({"AAAAAA": today})
        tombstones.note_beside({"BBBBBB": today, "CCCCCC": today - timedelta(days=settings.TOMBSTONE_DAYS)})
        tombstones.tidy_beside()
        assert file.read_text() == f"AAAAAA {today}\nBBBBBB {today}\n"

    def test_a_file_that_cannot_be_written_does_not_stop_an_erasure(self, settings, caplog):
        settings.ERASURES_FILE = settings.ERASURES_FILE / "in" / "no" / "folder"
        assert erase_members(cast.waiting().row) == 1
        assert [record.levelname for record in caplog.records] == ["ERROR"]
