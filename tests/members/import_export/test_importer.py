"""Importing an existing list: read, previewed, then saved; no one gets an email because of it."""

import csv
import io
import secrets
from datetime import UTC, date, datetime

import pytest
from django.contrib.auth.models import Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, connections
from django.urls import reverse
from hypothesis import example, given
from hypothesis import strategies as st

from members.import_export.importer import read_list
from members.import_export.row_form import SeveralPlaces, place_of
from members.import_export.services import add_members
from members.models import Member
from s4jr.audit.models import AccessLog
from s4jr.crypto.blind_index import blind_index
from s4jr.erasure.models import Tombstone
from s4jr.erasure.record_numbers import NUMBER_BYTES
from s4jr.mail.mailbox import mailbox_index
from s4jr.mail.models import OutgoingEmail, Suppression
from s4jr.tables.decoding import UnreadableTableError, decode_table
from s4jr.tables.reader import MOST_ROWS
from s4jr.tables.writer import csv_lines
from tests import cast, make
from tests.reading import Page, words

IMPORT = reverse("admin:members_member_import")
PLAIN = "name,email,region,joined\nIda Madeup,ida@mailbox.example,Ontario,2026-03-04\n"
GOOGLE_FORMS = (
    '"Timestamp","Email Address","What is your name?","State/Province","Why do you want to join?"\n'
    '"2026/03/04 6:31:58 PM EST","ida@mailbox.example","Ida Madeup","ON","The heron, of course."\n'
)
OLDER_GOOGLE_FORMS = '"Timestamp","Username","Name"\n"3/4/2026 18:31:58","ida@mailbox.example","Ida Madeup"\n'
MAILCHIMP = (
    '"Email Address","First Name","Last Name",Address,MEMBER_RATING,OPTIN_TIME,OPTIN_IP,CONFIRM_TIME,CONFIRM_IP,'
    "LATITUDE,LONGITUDE,GMTOFF,DSTOFF,TIMEZONE,CC,REGION,LAST_CHANGED,LEID,EUID,NOTES,TAGS\n"
    'ida@mailbox.example,Ida,Madeup,,2,,,"2026-03-04 14:40:47",203.0.113.7,,,,,,CA,ON,"2026-03-05 14:40:47",1,a,,\n'
)
ACTION_NETWORK = (
    "uuid,first_name,last_name,email,zip_code,can2_user_city,can2_state_abbreviated,can2_user_tags,"
    "can2_subscription_status,can2_subscription_date\n"
    "1,Ida,Madeup,ida@mailbox.example,00000,Nowhere,ON,,subscribed,2026-03-04\n"
)
NO_PLACE = "We don’t know this place. Write it as Ontario, ON or CA-ON."
CONFIRMED = {"agreed": "on", "reason": "our old list", "action": "confirm"}
EXPECTED = {"name": "Ida Madeup", "email": "ida@mailbox.example", "country": "CA", "region": "CA-ON"}
#: The values of all fields of a line that says no more than that.
ANSWERS = {**EXPECTED, "contact": "yes", "pronouns": "", "language": "en", "newsletter": False, "ways_to_help": ""}


def lines(*rows, header="name,email,region,joined"):
    return "\n".join([header, *rows]) + "\n"


def why(text, **said):
    return [(line.row, line.why) for line in read_list(text, **said).unusable]


@pytest.mark.django_db
class TestReading:
    @pytest.mark.parametrize("text", [PLAIN, GOOGLE_FORMS, MAILCHIMP, ACTION_NETWORK])
    def test_each_layout_reads_the_same(self, text):
        read = read_list(text)
        assert [line.answers for line in read.usable] == [{**ANSWERS, "received_on": date(2026, 3, 4)}]
        assert read.unusable == []

    def test_an_older_google_form_has_the_address_as_username(self):
        [line] = read_list(OLDER_GOOGLE_FORMS).usable
        assert (line.answers["email"], line.answers["received_on"]) == ("ida@mailbox.example", date(2026, 3, 4))

    @pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
    def test_any_usual_delimiter_and_header_case_is_read(self, delimiter):
        text = PLAIN.replace(",", delimiter).replace("name", "NAME").replace("email", " E-Mail ")
        assert [line.answers["region"] for line in read_list(text).usable] == ["CA-ON"]

    def test_a_multiline_cell_is_one_cell(self):
        [line] = read_list('why,email,name\n"one\ntwo, ""three""",ida@mailbox.example,Ida\n').usable
        assert (line.row, line.answers["name"]) == (2, "Ida")

    @pytest.mark.parametrize(
        ("row", "reason"),
        [
            (",ida@mailbox.example,,", "The name is missing."),
            (
                "Ida https://elsewhere.example,ida@mailbox.example,,",
                "Leave out links and email addresses. This text appears in emails.",
            ),
            ("Ida,,,", "The email address is missing."),
            ("Ida,ida at mailbox,,", "There is no @ in the address. An address looks like name@example.com."),
            ("Ida,ida@mailbox.example,Ontaro,", NO_PLACE),
            ("Ida,ida@mailbox.example,,soon", "We can’t read the date. Write it as 2026-11-23."),
            ("Ida,ida@mailbox.example,,2026-02-30", "We can’t read the date. Write it as 2026-11-23."),
            ("Ida,ida@mailbox.example,,2999-01-01", "The date is in the future."),
            (f"{'I' * 121},ida@mailbox.example,,", "The name is too long."),
            ("Ida", "The email address is missing."),
        ],
    )  # fmt: skip
    def test_an_unusable_row_says_why(self, row, reason):
        assert why(lines(row, "Oda,oda@mailbox.example,,")) == [(2, reason)]

    def test_rows_are_numbered_like_a_spreadsheet_and_empty_ones_are_skipped(self):
        assert why(lines("Ida,ida@mailbox.example,,", ",,,", "", "Oda,,,")) == [(5, "The email address is missing.")]

    def test_each_address_is_used_once_in_any_spelling(self):
        text = lines("Ida,ida@mailbox.example,,", "Ida M.,IDA@Mailbox.Example,,")
        assert why(text) == [(3, "Line 2 has the same address.")]

    @pytest.mark.parametrize(
        ("header", "cell"),
        [("UNSUB_TIME", "2026-01-01"), ("CLEAN_TIME", "2026-01-01"), ("can2_subscription_status", "unsubscribed"),
         ("can2_subscription_status", "bouncing"), ("emails_stopped", "never")],
    )  # fmt: skip
    def test_people_who_stopped_emails_there_are_not_imported(self, header, cell):
        text = lines(f"Ida,ida@mailbox.example,{cell}", "Oda,oda@mailbox.example,", header=f"name,email,{header}")
        assert why(text) == [(2, f"This person must not be emailed. The column “{header}” says “{cell}”.")]

    def test_discreet_people_stay_discreet_and_people_who_chose_never_are_left_out(self):
        rows = [f"{contact},{contact}@mailbox.example,{contact}" for contact in ("yes", "discreet", "none")]
        read = read_list(lines(*rows, header="name,email,contact"))
        assert [line.answers["contact"] for line in read.usable] == ["yes", "discreet"]
        assert [line.why for line in read.unusable] == ["This person must not be emailed."]

    @pytest.mark.parametrize(
        "status", ["unconfirmed", "waiting", "approved", "declined", "left", "membership_ended", "closed"]
    )
    def test_former_applicants_are_known_in_every_status(self, status):
        member = cast.waiting(email="ida@mailbox.example")
        cast.put(member, status)
        assert (add_members(read_list(PLAIN).usable, by=make.admin()), Member.objects.count()) == ([], 1)

    def test_a_name_that_looks_like_a_formula_is_a_name_and_deceptive_characters_go(self):
        text = lines("'=Ida,ida@mailbox.example,,", "=Oda,oda@mailbox.example,,", "A\u202edI,adi@mailbox.example,,")
        assert [line.answers["name"] for line in read_list(text).usable] == ["=Ida", "=Oda", "AdI"]

    def test_an_exported_file_can_be_imported(self):
        header = ["number", "name", "email", "contact", "country", "region", "received_on", "emails_stopped"]
        row = ["4F2A91", "=Ida", "ida@mailbox.example", "discreet", "CA", "CA-ON", "2026-03-04", ""]
        [line] = read_list(decode_table(b"".join(csv_lines([header, row]))).text).usable
        assert line.answers == {**ANSWERS, "name": "=Ida", "contact": "discreet", "received_on": date(2026, 3, 4)}

    def test_reading_takes_no_queries(self, django_assert_num_queries):
        text = lines(*(f"Ida,ida{number}@mailbox.example,," for number in range(300)))
        with django_assert_num_queries(0):
            assert len(read_list(text).usable) == 300


@pytest.mark.parametrize(
    ("region", "country", "place"),
    [
        ("CA-ON", "", ("CA", "CA-ON")),
        ("on", "", ("CA", "CA-ON")),
        ("CA", "", ("US", "US-CA")),
        ("Québec", "", ("CA", "CA-QC")),
        ("D.C.", "US", ("US", "US-DC")),
        ("NY", "USA", ("US", "US-NY")),
        ("", "CA", ("CA", "")),
        ("Mexico", "", ("MX", "")),
        ("Jalisco", "MX", ("MX", "")),
        ("", "", ("", "")),
        ("Toronto", "", ("CA", "CA-ON")),
        ("90210", "", ("US", "US-CA")),
        ("Portland", "OR", ("US", "US-OR")),
        ("Scotland", "UK", ("GB", "GB-SCT")),
        ("Kent", "UK", ("GB", "")),
        ("Bavaria", "", ("DE", "")),
        ("", "PR", ("US", "US-PR")),
        ("Puerto Rico", "USA", ("US", "US-PR")),
        ("Georgia", "USA", ("US", "US-GA")),
        ("Pensilvania", "Estados Unidos", ("US", "US-PA")),
    ],
)
def test_places_are_read_as_lists_write_them(region, country, place):
    assert place_of(region, country) == place


@pytest.mark.parametrize(
    ("region", "country"), [("ON", "US"), ("Ontario", "US"), ("Ontaro", "CA"), ("", "Atlantis"), ("Atlantis", "")]
)
def test_an_unknown_place_is_not_guessed(region, country):
    with pytest.raises(LookupError):
        place_of(region, country)


@pytest.mark.parametrize(("region", "country"), [("Georgia", ""), ("Portland", ""), ("Kansas City", "USA")])
def test_a_name_of_several_places_is_not_guessed(region, country):
    with pytest.raises(SeveralPlaces):
        place_of(region, country)


class TestTheFile:
    @pytest.mark.django_db
    def test_a_file_with_too_many_lines_is_refused(self):
        with pytest.raises(UnreadableTableError, match="at most 5,000 lines"):
            read_list("email\n" + "\n".join(["a"] * (MOST_ROWS + 1)))

    @pytest.mark.parametrize("text", ["", "\n", "name,joined\nIda,2026-03-04\n", '"', "just words"])
    def test_a_file_without_an_address_column_is_refused(self, text):
        with pytest.raises(UnreadableTableError, match="We found no column with email addresses"):
            read_list(text)

    @pytest.mark.django_db
    @given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=200))
    @example('ida@mailbox.example,Ida,ON,2026-03-04\r\roda@mailbox.example,Oda\n"')
    def test_any_content_is_sorted_or_refused_and_never_an_error(self, text):
        read = read_list(f"email,name,region,joined\n{text}")
        rows = [line.row for line in (*read.usable, *read.unusable)]
        assert len(set(rows)) == len(rows)
        assert len({line.email_index for line in read.usable}) == len(read.usable)


@pytest.mark.django_db
class TestSaving:
    def test_imported_people_are_approved_members_and_get_no_email(self):
        ada = make.admin()
        [member] = add_members(read_list(PLAIN).usable, by=ada)
        member = Member.objects.get(pk=member.pk)
        assert {name: getattr(member, name) for name in EXPECTED} == EXPECTED
        assert (member.status, member.contact, member.flag_reason, member.newsletter) == ("approved", "yes", "", False)
        assert (member.decided_by, member.received_on, member.email_index) == (
            ada,
            date(2026, 3, 4),
            blind_index("ida@mailbox.example"),
        )
        assert (member.agreement_version, member.code_hash) == ("imported", None)
        assert member.decided_at == datetime(2026, 3, 4, tzinfo=UTC)
        assert OutgoingEmail.objects.count() == 0
        assert log_rows() == [("searched", "", "lists"), ("decided", member.number, "")]

    def test_another_spelling_of_their_inbox_counts_with_the_others(self):
        [member] = add_members(read_list(PLAIN.replace("ida@", "ida+x@")).usable, by=make.admin())
        assert Member.objects.get(pk=member.pk).limit_index == mailbox_index("ida@mailbox.example")

    def test_their_names_are_encrypted(self):
        add_members(read_list(PLAIN).usable, by=make.admin())
        with connection.cursor() as cursor:
            cursor.execute("SELECT * FROM members_member")
            assert [word for word in ("Madeup", "ida@") if word in str(cursor.fetchone())] == []

    @pytest.mark.parametrize("scope", Suppression.Scope.values)
    def test_an_address_on_the_do_not_email_list_is_left_out_and_counted(self, scope):
        index = blind_index("ida@mailbox.example")
        stop = Suppression.objects.create(to_index=index, scope=scope, reason="never", created_on=date(2026, 1, 1))
        assert add_members(read_list(PLAIN).usable, by=make.admin()) == []
        [row] = AccessLog.objects.filter(budget="lists")
        assert (row.action, row.object_kind, row.object_id) == ("searched", "mail.suppression", str(stop.pk))

    @pytest.mark.parametrize(("number", "cell"), [("000012", "12"), ("012345", "12345"), ("0000AA", "#0000AA")])
    def test_the_number_of_a_deleted_record_is_known_after_a_spreadsheet_changed_it(self, number, cell):
        Tombstone.objects.create(number=number, erased_on=date(2026, 1, 1))
        text = lines(f"Ida,ida@mailbox.example,{cell}", header="name,email,number")
        assert add_members(read_list(text).usable, by=make.admin()) == []

    def test_a_line_whose_number_cannot_be_told_any_more_is_left_out(self):
        [line] = read_list(lines("Ida,ida@mailbox.example,1.20E+105", header="name,email,number")).unusable
        assert line.why == (
            "A spreadsheet changed our number of this person to “1.20E+105”. Write it as in the first file."
        )

    @pytest.mark.parametrize("number", ["0000AA", "0000aa"])
    def test_the_number_of_a_deleted_record_is_left_out_and_counted(self, number):
        stone = Tombstone.objects.create(number="0000AA", erased_on=date(2026, 1, 1))
        text = lines(f"Ida,ida@mailbox.example,{number}", "Oda,oda@mailbox.example,0000BB", header="name,email,number")
        assert [member.name for member in add_members(read_list(text).usable, by=make.admin())] == ["Oda"]
        [row] = AccessLog.objects.filter(budget="lists")
        assert (row.action, row.object_kind, row.object_id) == ("searched", "erasure.tombstone", str(stone.pk))

    def test_a_member_who_moved_to_another_address_is_known_by_their_number(self):
        member = cast.waiting(email="new@mailbox.example")
        text = lines(f"Ida,old@mailbox.example,{member.number}", header="name,email,number")
        assert add_members(read_list(text).usable, by=make.admin()) == []
        assert log_rows() == [("searched", member.number, "lists")]

    def test_people_who_joined_during_the_preview_are_left_out(self):
        new = read_list(PLAIN).usable
        cast.waiting(email="ida@mailbox.example")
        assert add_members(new, by=make.admin()) == []
        assert Member.objects.count() == 1

    def test_no_number_of_a_deleted_member_is_reused(self, monkeypatch):
        Tombstone.objects.create(number="0000AA", erased_on=date(2026, 1, 1))
        draw(monkeypatch, ["0000AA", "0000BB"])
        assert [member.number for member in add_members(read_list(PLAIN).usable, by=make.admin())] == ["0000BB"]

    def test_a_number_drawn_twice_is_assigned_once(self, monkeypatch):
        draw(monkeypatch, ["0000BB", "0000BB", "0000CC"])
        text = lines("Ida,ida@mailbox.example,,", "Oda,oda@mailbox.example,,")
        assert {member.number for member in add_members(read_list(text).usable, by=make.admin())} == {
            "0000BB",
            "0000CC",
        }

    @pytest.mark.only_postgres
    def test_it_takes_the_same_queries_for_ten_and_for_three_hundred(self, django_assert_max_num_queries):
        """Twelve queries, and two more for numbers drawn twice."""
        ada = make.admin()
        for start, count in ((0, 10), (10, 300)):
            new = read_list(lines(*(f"Ida,ida{start + n}@mailbox.example,," for n in range(count)))).usable
            with django_assert_max_num_queries(14):
                add_members(new, by=ada)


def log_rows():
    rows = AccessLog.objects.filter(object_kind="members.member").order_by("pk")
    return [(row.action, row.object_id, row.budget) for row in rows]


def draw(monkeypatch, numbers):
    """Sets the numbers that are drawn next; all other tokens stay random."""
    numbers, real = iter(numbers), secrets.token_hex
    monkeypatch.setattr(secrets, "token_hex", lambda size: next(numbers) if size == NUMBER_BYTES else real(size))


@pytest.mark.django_db(transaction=True)
@pytest.mark.only_postgres
def test_it_retries_without_an_address_that_was_claimed_meanwhile(monkeypatch):
    """An applicant confirms between the check and the insert; the import saves all others."""
    ada, new = make.admin(), read_list(lines("Ida,ida@mailbox.example,,", "Oda,oda@mailbox.example,,")).usable
    write = Member.objects.bulk_create
    moments = iter([lambda: cast.waiting(email="ida@mailbox.example"), lambda: None])

    def after_somebody_else(queryset, members, **options):
        in_another_connection(next(moments))
        return write(members, **options)

    monkeypatch.setattr(type(Member.objects), "bulk_create", after_somebody_else)
    assert [member.name for member in add_members(new, by=ada)] == ["Oda"]


def in_another_connection(work):
    from threading import Thread

    def run():
        work()
        connections.close_all()

    thread = Thread(target=run)
    thread.start()
    thread.join()


def shown_meanings(page):
    """Returns what the preview says each column becomes, by its title."""
    form = page.context["columns"]
    return {field.label: dict(field.field.choices)[field.value()] for field in (*form.taken(), *form.not_read())}


@pytest.fixture
def ada(client):
    return make.signed_in_staff(client, "ada")


def upload(client, text=PLAIN, **said):
    raw = text if isinstance(text, bytes) else text.encode()
    return client.post(IMPORT, {"file": SimpleUploadedFile("list.csv", raw), **said})


def text_on(page):
    """Returns the text of a page's body, messages included."""
    return words(Page(page.content.decode()).one(id="main"))


def hidden(page):
    """Returns the page's hidden field: the encrypted list, and how it is read."""
    return {"encrypted_list": Page(page.content.decode()).one(name="encrypted_list")["value"]}


@pytest.mark.django_db
class TestInTheAdmin:
    def test_the_list_is_previewed_first_and_nothing_is_saved(self, client, ada):
        cast.waiting(email="known@mailbox.example")
        text = lines("Ida,ida@mailbox.example,,", "Kim,known@mailbox.example,,", "Nobody,,,")
        page = upload(client, text)
        read = page.context["read"]
        assert (len(read.usable), len(read.unusable)) == (2, 1)
        words = page.content.decode()
        assert ("Line 4: The email address is missing." in words, "Import 2 lines, without an email" in words) == (
            True,
            True,
        )
        assert shown_meanings(page) == {
            "name": "name",
            "email": "email address",
            "region": "state, province or country",
            "joined": "date joined",
        }
        assert Member.objects.count() == 1

    def test_after_confirmation_it_is_saved(self, client, ada):
        page = client.post(IMPORT, {**hidden(upload(client)), **CONFIRMED}, follow=True)
        assert "1 person imported. No email was sent." in page.content.decode()
        assert [member.name for member in Member.objects.filter(status="approved")] == ["Ida Madeup"]
        assert OutgoingEmail.objects.count() == 0

    def test_confirmed_twice_it_is_saved_once(self, client, ada):
        confirmed = {**hidden(upload(client)), **CONFIRMED}
        client.post(IMPORT, confirmed)
        page = client.post(IMPORT, confirmed, follow=True).content.decode()
        said = ["0 people imported." in page, "1 person was left out: they are already here," in page]
        assert said == [True, True]
        assert Member.objects.count() == 1

    def test_the_preview_is_the_same_for_members_and_unknown_people(self, client, ada):
        cast.waiting(email="ida@mailbox.example")
        client.get(IMPORT)  # the message after signing in
        known, unknown = (
            upload(client, lines(f"Somebody,{name}@mailbox.example,ON,")) for name in ("ida", "nobody.here")
        )
        assert text_on(known) == text_on(unknown).replace("nobody.here@", "ida@")
        assert log_rows() == []

    def test_each_known_person_is_logged_and_counted_like_a_search(self, client, ada):
        here = [cast.waiting(email=f"ida{n}@mailbox.example").number for n in range(2)]
        rows = (f"Ida,{name}@mailbox.example,," for name in ("ida0", "ida1", "new"))
        client.post(IMPORT, {**hidden(upload(client, lines(*rows))), **CONFIRMED})
        new = Member.objects.get(status="approved").number
        expected = [*(("searched", number, "lists") for number in here), ("decided", new, "")]
        assert sorted(log_rows()) == sorted(expected)
        assert {row.reason for row in AccessLog.objects.filter(object_kind="members.member")} == {"our old list"}

    def test_a_list_without_known_people_counts_as_one_search(self, client, ada):
        client.post(IMPORT, {**hidden(upload(client)), **CONFIRMED})
        assert [row for row in log_rows() if row[0] == "searched"] == [("searched", "", "lists")]

    def test_a_list_is_not_stopped_halfway_but_exhausts_the_budget_and_notifies_the_other_admins(
        self, client, ada, settings
    ):
        settings.OPENINGS_AN_HOUR = 2
        make.admin("bo", address="bo@mailbox.example")
        here = [cast.waiting(email=f"ida{n}@mailbox.example") for n in range(3)]
        text = lines(*(f"Ida,ida{n}@mailbox.example,," for n in range(4)))
        client.post(IMPORT, {**hidden(upload(client, text)), **CONFIRMED})
        assert (Member.objects.filter(status="approved").count(), len(log_rows())) == (1, len(here) + 1)
        assert OutgoingEmail.objects.filter(kind="admin-openings").count() == 1
        refused = client.post(IMPORT, {**hidden(upload(client)), **CONFIRMED})
        assert (refused.status_code, Member.objects.filter(status="approved").count()) == (403, 1)

    def test_ten_lists_a_day_are_the_limit(self, client, ada):
        carried = hidden(upload(client))
        answers = [client.post(IMPORT, {**carried, **CONFIRMED}).status_code for _list in range(11)]
        assert answers == [302] * 10 + [429]

    def test_without_a_source_nothing_is_saved(self, client, ada):
        page = client.post(IMPORT, {**hidden(upload(client)), **CONFIRMED, "reason": ""})
        assert "Say where this list comes from." in page.content.decode()
        assert (Member.objects.count(), log_rows()) == (0, [])

    def test_the_admin_confirms_that_the_people_agreed(self, client, ada):
        page = client.post(IMPORT, {**hidden(upload(client)), "action": "confirm"})
        assert "Import only people who said they want to be on the list. Then check this box." in page.content.decode()
        assert (len(page.context["read"].usable), Member.objects.count()) == (1, 0)

    def test_between_the_two_pages_the_list_is_encrypted_and_not_stored(self, client, ada):
        """The page shows the first three people, and carries the others encrypted."""
        first = [f"Oda,oda{number}@mailbox.example,," for number in range(3)]
        page = upload(client, lines(*first, "Ida Madeup,ida@mailbox.example,,"))
        assert [canary for canary in ("ida@mailbox.example", "Madeup") if canary in page.content.decode()] == []
        assert hidden(page)["encrypted_list"].startswith("v1.")
        with connection.cursor() as cursor:
            kept = []
            for table in connection.introspection.table_names():
                cursor.execute(f'SELECT * FROM "{table}"')
                kept += cursor.fetchall()
        assert [canary for canary in ("oda0@mailbox.example", "ida@mailbox.example") if canary in str(kept)] == []

    def test_a_tampered_list_is_not_read(self, client, ada):
        encrypted = hidden(upload(client))
        page = client.post(
            IMPORT, {**encrypted, "encrypted_list": encrypted["encrypted_list"][:-8] + "AAAAAAA=", "agreed": "on"}
        )
        assert ("This page is too old. Choose the file again." in page.content.decode(), Member.objects.count()) == (
            True,
            0,
        )

    def test_unusable_lines_can_be_downloaded_to_correct(self, client, ada):
        page = upload(client, lines("=Ida,nowhere,,", "Oda,oda@mailbox.example,,"))
        answer = client.post(IMPORT, {**hidden(page), "action": "errors"})
        rows = list(csv.reader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))
        assert rows == [
            ["name", "email", "region", "joined", "why"],
            ["'=Ida", "nowhere", "", "", "There is no @ in the address. An address looks like name@example.com."],
        ]
        assert Member.objects.count() == 0

    def test_an_invalid_file_gets_an_error_and_a_new_form(self, client, ada):
        assert "We found no column with email addresses." in upload(client, "name\nIda\n").content.decode()

    def test_a_missing_file_gets_an_error(self, client, ada):
        page = client.post(IMPORT, {"sent": "1"})
        assert (page.status_code, "Choose a file of at most 1 MB." in page.content.decode()) == (200, True)

    def test_five_thousand_people_can_be_imported(self, client, ada):
        page = upload(client, lines(*(f"Ida,ida{n}@mailbox.example,ON,2026-03-04" for n in range(MOST_ROWS))))
        client.post(IMPORT, {**hidden(page), **CONFIRMED})
        assert Member.objects.filter(status="approved").count() == MOST_ROWS

    @pytest.mark.parametrize("permission", ["change_member", "export_member"])
    def test_staff_without_the_permission_may_not(self, client, permission):
        cleo = make.signed_in_staff(client, "cleo", superuser=False)
        cleo.user_permissions.add(Permission.objects.get(codename=permission))
        assert (client.get(IMPORT).status_code, upload(client).status_code) == (403, 403)

    def test_a_coordinator_may(self, client):
        cleo = make.signed_in_staff(client, "cleo", superuser=False)
        cleo.user_permissions.add(Permission.objects.get(codename="import_member"))
        assert (client.get(IMPORT).status_code, upload(client).status_code) == (200, 200)
