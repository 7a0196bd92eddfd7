"""Exporting: rare, by few admins, for a logged reason, and safe to open in a spreadsheet."""

import csv
import io
import re
import time

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import get_language, override
from hypothesis import example, given
from hypothesis import strategies as st

from chapters.place_search import place_choices
from chapters.regions import country_of
from members.applications.ways_to_help import WAYS_TO_HELP
from members.import_export.cells import cell_of
from members.import_export.exporter import COLUMNS, export
from members.import_export.row_form import place_of
from members.models import Member
from s4jr.accounts.models import Session
from s4jr.audit.models import AccessLog
from s4jr.conversations.choices import Contact
from s4jr.mail.models import Suppression
from s4jr.tables.writer import csv_lines, guarded, unguarded
from tests import cast, make
from tests.reading import Page

EXPORT = reverse("admin:members_member_export")
REASON = "A sentence that must not leak: the list goes to the printer."
STARTS = ["=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠"]
CELLS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))


def rows_of(content):
    """Reads a file as Excel and LibreOffice do: UTF-8 with a byte order mark, commas, doubled quotes."""
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def seen(client):
    """Returns the text of the export page."""
    return " ".join(Page(client.get(EXPORT).content.decode()).one(tag="body")["text"].split())


class TestTheFile:
    @given(st.lists(CELLS, min_size=1))
    @example(["=1+1", " =1", "\u200b@a", "\n=1", "'=1", "a=1", "", '"', "a,b\r\nc"])
    def test_cells_come_back_with_an_apostrophe_only_if_a_spreadsheet_could_evaluate_them(self, cells):
        [row] = rows_of(b"".join(csv_lines([cells])))
        begins = [re.sub("^[\\s\u200b\ufeff]+", "", cell)[:1] for cell in cells]
        hidden = [set(re.match("[\\s\u200b\ufeff]*", cell).group()) & {"\t", "\r"} for cell in cells]
        needed = [begin in STARTS or bool(blank) for begin, blank in zip(begins, hidden, strict=True)]
        assert row == [f"'{cell}" if needs else cell for cell, needs in zip(cells, needed, strict=True)]

    @given(CELLS)
    def test_importing_removes_the_apostrophe(self, cell):
        assert unguarded(guarded(cell)) == cell or cell.startswith("'")

    @pytest.mark.parametrize("start", STARTS)
    @pytest.mark.parametrize("before", ["", " ", "\u00a0", "\n", "\u200b", " \t "])
    def test_no_cell_starts_like_a_formula(self, start, before):
        assert guarded(f"{before}{start}HYPERLINK()")[0] == "'"

    def test_it_is_utf_8_with_a_byte_order_mark_and_every_cell_is_quoted(self):
        lines = csv_lines([["name", "days"], ['Zoë "Z"', 3]])
        assert b"".join(lines) == '\ufeff"name","days"\r\n"Zoë ""Z""","3"\r\n'.encode()


@pytest.fixture
def ada(client):
    return make.signed_in_staff(client, "ada")


def approved_member(**answers):
    member = cast.waiting(**answers)
    Member.objects.filter(pk=member.pk).update(status="approved", decided_at="2026-01-01T00:00Z")
    return member


def download(client, **answers):
    return client.post(EXPORT, {"status": ["approved"], "reason": REASON, **answers})


def names_in(answer):
    header, *rows = rows_of(b"".join(answer.streaming_content))
    return [row[header.index("name")] for row in rows]


@pytest.mark.django_db
class TestDownload:
    def test_it_contains_what_is_needed_to_reach_people_and_nothing_confidential(self, client, ada):
        said = {"relation": "survivor", "access_needs": "Large print, please.", "message": cast.MESSAGE}
        member = approved_member(name="=cmd()", ways_to_help="policy media", **said)
        Member.objects.filter(pk=member.pk).update(reason="A reason that must not leak.")
        answer = download(client)
        content = b"".join(answer.streaming_content)
        header, row = rows_of(content)
        assert dict(zip(header, row, strict=True)) == {
            **dict.fromkeys(["pronouns", "emails_stopped"], ""),
            "number": member.number,
            "status": "Approved",
            "name": "'=cmd()",
            "email": cast.ADDRESS,
            "contact": "Yes, email is safe.",
            "country": "Canada",
            "region": "Ontario",
            "language": "English",
            "newsletter": "No",
            "ways_to_help": "Policy advocacy, Educational media campaigns",
            "received_on": member.received_on.isoformat(),
        }
        canaries = [*said.values(), "must not leak", "relation", "message"]
        assert [canary for canary in canaries if canary in content.decode()] == []

    def test_it_is_in_the_language_of_the_page_although_that_ends_before_the_first_line_leaves(self, ada):
        member = approved_member(ways_to_help="policy", country="US", region="US-NY", language="fr-ca", newsletter=True)
        make.stop(member.email_index, Suppression.Reason.BOUNCED)
        with override("es"):
            lines = export(Member.objects.all(), by=ada, reason=REASON)
        header, row = rows_of(b"".join(lines))
        said = dict(zip(header, row, strict=True))
        names = ["status", "contact", "country", "region", "language", "newsletter", "ways_to_help", "emails_stopped"]
        with override("es"):
            label, stopped = Member.Status.APPROVED.label, Suppression.Reason.BOUNCED.label
            words = [capfirst(label), Contact.YES.label, "Estados Unidos", "Nueva York", "Français", "Sí",
                     dict(WAYS_TO_HELP)["policy"], capfirst(stopped)]  # fmt: skip
            assert [said[name] for name in names] == words
        assert (said["status"], get_language()) == ("Aprobada", "en")

    @pytest.mark.parametrize("language", ["en", "fr-ca", "es"])
    def test_the_import_reads_every_place_back_in_its_words(self, language):
        with override(language):
            codes = [code for code, _label in place_choices()]
            members = [Member(country=country_of(code), region=code if "-" in code else "") for code in codes]
            words = [(cell_of(member, "region"), cell_of(member, "country")) for member in members]
        assert [place_of(*said) for said in words] == [(member.country, member.region) for member in members]

    def test_the_file_name_names_no_cause(self, client, ada):
        answer = download(client)
        assert re.fullmatch(r'attachment; filename="list-\d{4}-\d\d-\d\d\.csv"', answer["Content-Disposition"])
        assert answer["Content-Type"] == "text/csv; charset=utf-8"
        assert "no-store" in answer["Cache-Control"]

    def test_the_access_log_notes_it_for_everyone_in_it(self, client, ada):
        people = [approved_member(email=f"reader{number}@mailbox.example") for number in range(3)]
        cast.waiting()
        download(client)
        entries = AccessLog.objects.filter(action="exported")
        assert sorted(entry.object_id for entry in entries) == sorted(member.number for member in people)
        assert {(entry.who, entry.reason, entry.field_names) for entry in entries} == {
            ("ada", REASON, " ".join([*COLUMNS, "emails_stopped"]))
        }

    def test_it_is_logged_before_the_first_line_leaves(self, client, ada):
        approved_member()
        answer = download(client)
        assert AccessLog.objects.filter(action="exported").count() == 1
        answer.close()

    def test_it_streams_in_batches_and_logs_the_progress(self, client, ada, monkeypatch):
        monkeypatch.setattr("members.import_export.exporter.BATCH", 2)
        for number in range(5):
            approved_member(email=f"reader{number}@mailbox.example")
        lines = iter(download(client).streaming_content)
        with CaptureQueriesContext(connection) as asked:
            opened = [next(lines) for _ in range(4)]  # byte order mark, header, two people
        assert (len(opened), sum('FROM "members_member"' in query["sql"] for query in asked)) == (4, 1)
        next(lines)
        assert "2 of 5 lines of your last list have been downloaded. It is still downloading" in seen(client)
        list(lines)
        page = seen(client)
        said = "5 of 5 lines of your last list have been downloaded."
        assert (said in page, "still downloading" in page) == (True, False)

    def test_it_shows_which_addresses_are_suppressed(self, client, ada):
        member = approved_member()
        make.stop(member.email_index, Suppression.Reason.NEVER)
        _header, row = rows_of(b"".join(download(client).streaming_content))
        assert row[-1] == "Asked us never to email"

    @pytest.mark.parametrize(
        ("chosen", "names"),
        [
            ({}, ["Ines", "Odile"]),
            ({"status": ["approved", "waiting"]}, ["Ines", "Odile", "Wanda"]),
            ({"region": "US-NY"}, ["Odile"]),
            ({"region": "new york"}, ["Odile"]),
            ({"region": "United States"}, ["Odile"]),
            ({"newsletter": "on"}, ["Ines"]),
        ],
    )
    def test_people_are_filtered_by_status_place_and_newsletter(self, client, ada, chosen, names):
        approved_member(name="Ines", newsletter=True)
        approved_member(name="Odile", email="odile@mailbox.example", country="US", region="US-NY")
        cast.waiting(name="Wanda", email="wanda@mailbox.example")
        assert names_in(download(client, **chosen)) == names

    def test_approved_members_are_the_default(self, client, ada):
        form = client.get(EXPORT).context["form"]
        assert form["status"].value() == ["approved"]
        assert "unconfirmed" not in dict(form.fields["status"].choices)

    def test_too_many_people_are_refused_and_nothing_is_logged(self, client, ada, settings):
        settings.EXPORT_AT_MOST = 1
        approved_member(), approved_member(email="another@mailbox.example")
        assert "You chose 2 people. One list holds at most 1. Choose fewer." in download(client).content.decode()
        assert AccessLog.objects.count() == 0

    @pytest.mark.parametrize("reason", ["", "   "])
    def test_without_a_reason_there_is_no_file(self, client, ada, reason):
        approved_member()
        answer = download(client, reason=reason)
        assert (answer.streaming, AccessLog.objects.count()) == (False, 0)

    def test_a_link_cannot_download_it(self, client, ada):
        approved_member()
        assert client.get(EXPORT, {"status": "approved", "reason": REASON}).streaming is False

    @pytest.mark.parametrize("count", [1, 30])
    def test_it_takes_the_same_queries_for_one_and_for_thirty(self, client, ada, count, django_assert_num_queries):
        for number in range(count):
            member = cast.one_of_many(number, ways_to_help="media policy", pronouns="ze/hir")
            cast.put(member, "approved", newsletter=True)
            make.stop(member.email_index, Suppression.Reason.NEVER)
        download(client)
        with django_assert_num_queries(14):
            assert len(names_in(download(client))) == count


@pytest.mark.django_db
class TestWhoMay:
    def test_staff_without_the_permission_may_not(self, client):
        cleo = make.signed_in_staff(client, "cleo", superuser=False)
        cleo.user_permissions.add(Permission.objects.get(codename="change_member"))
        assert (client.get(EXPORT).status_code, download(client).status_code) == (403, 403)

    def test_a_coordinator_may(self, client):
        cleo = make.signed_in_staff(client, "cleo", superuser=False)
        cleo.user_permissions.add(Permission.objects.get(codename="export_member"))
        assert download(client).streaming is True

    def test_a_visitor_is_asked_to_sign_in(self):
        assert download(Client()).status_code == 302


def later(client):
    """Makes this sign-in six minutes old."""
    session = client.session
    for record in session["account_authentication_methods"]:
        record["at"] = time.time() - 6 * 60
    session.save()


@pytest.mark.django_db
class TestSigningInAgain:
    def test_after_five_minutes_the_second_factor_is_asked_for_first(self, client, ada):
        later(client)
        approved_member()
        for answer in (client.get(EXPORT), download(client)):
            assert (answer.status_code, answer["Location"]) == (302, f"/account/2fa/reauthenticate/?next={EXPORT}")
        assert AccessLog.objects.count() == 0

    def test_after_the_second_factor_it_can_be_downloaded(self, client, ada):
        later(client)
        approved_member()
        answer = client.post(f"/account/2fa/reauthenticate/?next={EXPORT}", {"code": make.code_of(ada)})
        assert answer["Location"] == EXPORT
        assert names_in(download(client)) == [cast.NAME]

    def test_with_a_password_only_the_password_is_asked_for(self, client, settings):
        settings.STAFF_SECOND_FACTOR = False
        make.sign_in(client, make.admin("bo"))
        later(client)
        assert client.get(EXPORT)["Location"] == f"/account/reauthenticate/?next={EXPORT}"

    def test_the_session_does_not_keep_the_reason(self, client, ada):
        later(client)
        download(client)
        sessions = [session.get_decoded() for session in Session.objects.all()]
        assert REASON not in str(sessions)
