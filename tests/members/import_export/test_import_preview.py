"""The preview: what each column becomes can be corrected in place, and what is saved is what was shown."""

import csv
import io
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from members.import_export.columns import ASK, NOT_READ
from members.models import Member
from tests import cast, make
from tests.reading import Page, words

pytestmark = pytest.mark.django_db
IMPORT = reverse("admin:members_member_import")
CONFIRM = {"agreed": "on", "reason": "our old list", "action": "confirm"}
PLAIN = "name,email\nIda Madeup,ida@mailbox.example\n"
#: Its column “May we write?” is asked about.
ASKING = "name,email,May we write?\nIda Madeup,ida@mailbox.example,yes\nOda Madeup,oda@mailbox.example,no\n"


@pytest.fixture(autouse=True)
def ada(client):
    user = make.signed_in_staff(client, "ada")
    client.get(reverse("admin:index"))  # the message after signing in
    return user


def upload(client, text):
    raw = text if isinstance(text, bytes) else text.encode()
    return client.post(IMPORT, {"file": SimpleUploadedFile("list.csv", raw)})


def fields_of(page):
    """Returns what a browser sends with the page's form: the hidden field, each select and each checked box."""
    form = page.context["columns"]
    sent = {field.html_name: field.value() for field in form if field.value() is not None}
    confirm = page.context["confirm"].initial
    sent |= {name: value for name, value in confirm.items() if value}
    return {**sent, "encrypted_list": Page(page.content.decode()).one(name="encrypted_list")["value"]}


def answer(client, page, **changed):
    return client.post(IMPORT, {**fields_of(page), **changed}, follow=True)


def text_on(page):
    return words(Page(page.content.decode()).one(id="main"))


def names():
    return [member.name for member in Member.objects.order_by("pk")]


def people_on(page):
    return [dict(person.values) for person in page.context["people"]]


class TestWhatIsShown:
    def test_the_first_three_people_as_they_would_be_kept(self, client):
        header = "First name,Last name,Name,Email,State,Joined,Language,Pronouns,Newsletter,Ways to help,Contact\n"
        first = "Ida,Madeup,Idy,Idy <ida@mailbox.example>,ON,2026-03-04,Français,she/her,yes,policy,discreet\n"
        others = "".join(f"Oda,Madeup,,oda{number}@mailbox.example,,,,,,,\n" for number in range(5))
        people = people_on(upload(client, header + first + others))
        assert people[0] == {
            "name": "Ida Madeup",
            "email address": "ida@mailbox.example",
            "email preference": "Yes, but someone else may see my inbox. Keep emails discreet.",
            "pronouns": "she/her",
            "state, province or country": "Ontario",
            "language": "Français",
            "whether they want news": "Yes",
            "ways to help": "Policy advocacy",
            "date joined": "March 4, 2026",
        }
        assert [person["email address"] for person in people[1:]] == ["oda0@mailbox.example", "oda1@mailbox.example"]

    def test_every_column_with_what_it_becomes_and_examples(self, client):
        page = upload(client, "name,email,,Middle Name,Nickname\nIda,ida@mailbox.example,2,Quill\n,,3,\n,,4,\n")
        form = page.context["columns"]
        assert [(field.label, field.help_text, field.value()) for field in form] == [
            ("name", "In the list: “Ida”", "name"),
            ("email", "In the list: “ida@mailbox.example”", "email"),
            ("Column 3", "In the list: “2”, “3”", NOT_READ),
            ("Middle Name", "In the list: “Quill”", NOT_READ),
            ("Nickname", "This column is empty.", NOT_READ),
        ]
        assert [field.label for field in form.taken()] == ["name", "email"]
        assert "3 columns are not read" in text_on(page)

    @pytest.mark.parametrize(
        ("raw", "note"),
        [
            ("name,email\nZoë,zoe@mailbox.example\n".encode("mac_roman"), "Check that the names below look right."),
            (
                b"Our list\n\n" + PLAIN.encode(),
                "The titles of the columns are in line 3. The lines above it are not read.",
            ),
            (b"name,email,joined\nIda,ida@mailbox.example,23/11/2025\n", "The dates in the list begin with the day."),
            (b"name,email,joined\nIda,ida@mailbox.example,11/23/2025\n", "The dates in the list begin with the month."),
        ],
    )
    def test_how_the_file_was_read(self, client, raw, note):
        assert note in text_on(upload(client, raw))

    def test_each_person_has_the_number_of_their_line(self, client):
        people = upload(client, "title\nname,email\n,,\nIda,ida@mailbox.example\n").context["people"]
        assert [person.row for person in people] == [4]

    def test_a_plain_file_needs_no_notes(self, client):
        assert upload(client, PLAIN).context["notes"] == []

    def test_each_select_has_its_column_as_the_label(self, client):
        page = Page(upload(client, PLAIN).content.decode())
        assert [words(page.one(**{"for": f"id_column_{at}"})) for at in range(2)] == ["name", "email"]


class TestCorrecting:
    def test_a_column_can_become_something_else(self, client):
        page = upload(client, "Called,email\nIda,ida@mailbox.example\n")
        assert (people_on(page), page.context["read"].unusable[0].why) == ([], "The name is missing.")
        page = answer(client, page, column_0="name", action="check")
        assert people_on(page)[0]["name"] == "Ida"
        answer(client, page, **CONFIRM)
        assert names() == ["Ida"]

    def test_a_column_can_be_left_out(self, client):
        page = upload(client, "name,email,region\nIda,ida@mailbox.example,nowhere\n")
        page = answer(client, page, column_2=NOT_READ, action="check")
        answer(client, page, **CONFIRM)
        assert [(member.name, member.region) for member in Member.objects.all()] == [("Ida", "")]

    def test_what_was_not_shown_is_not_saved(self, client):
        page = upload(client, "name,Called,email\nIda,Idy,ida@mailbox.example\n")
        page = answer(client, page, column_0=NOT_READ, column_1="name", **CONFIRM)
        assert "You changed how the list is read. Check the first people again. Then import." in text_on(page)
        assert (names(), people_on(page)[0]["name"]) == ([], "Idy")
        answer(client, page, **CONFIRM)
        assert names() == ["Idy"]

    def test_what_was_entered_stays_in_the_form(self, client):
        page = answer(client, upload(client, PLAIN), agreed="on", reason="our old list", action="check")
        assert page.context["confirm"].initial == {"agreed": True, "reason": "our old list"}

    def test_the_address_column_can_be_chosen(self, client):
        page = upload(client, "Name,Which email do you read most?\nIda,ida@mailbox.example\n")
        assert page.context["asked"] == ["Choose the column with the email addresses."]
        page = answer(client, page, column_1="email", action="check")
        answer(client, page, **CONFIRM)
        assert names() == ["Ida"]

    def test_a_meaning_that_does_not_exist_is_an_error(self, client):
        page = answer(client, upload(client, PLAIN), column_0="relation", **CONFIRM)
        assert (page.context["columns"].is_valid(), names()) == (False, [])


class TestWhatIsAsked:
    def test_nothing_is_saved_before_a_column_about_consent_is_answered(self, client):
        page = upload(client, ASKING)
        said = "“May we write?” may say who must not be emailed. Choose what it means, or “not read” to ignore it."
        assert (page.context["asked"], fields_of(page)["column_2"]) == ([said], ASK)
        assert "Import 2 lines" not in text_on(page)
        answer(client, page, **CONFIRM)
        assert names() == []

    @pytest.mark.parametrize(
        ("chosen", "kept"),
        [("consent", ["Ida Madeup"]), (NOT_READ, ["Ida Madeup", "Oda Madeup"]), ("stopped", ["Oda Madeup"])],
    )
    def test_the_answer_decides_who_is_imported(self, client, chosen, kept):
        page = answer(client, upload(client, ASKING), column_2=chosen, action="check")
        answer(client, page, **CONFIRM)
        assert sorted(names()) == kept

    @pytest.mark.parametrize(("chosen", "day"), [("0", date(2026, 3, 4)), ("1", date(2026, 4, 3))])
    def test_ambiguous_days_are_asked_once(self, client, chosen, day):
        page = upload(client, "name,email,joined\nIda,ida@mailbox.example,3/4/2026\n")
        assert page.context["asked"] == ["Choose how dates are written in the list."]
        page = answer(client, page, day_first=chosen, action="check")
        assert page.context["asked"] == []
        answer(client, page, **CONFIRM)
        assert Member.objects.get().received_on == day

    @pytest.mark.parametrize("day", ["2026-03-04", "23/11/2025", "11/23/2025", "4 mars 2026", "5/5/2026"])
    def test_clear_days_are_not_asked(self, client, day):
        page = upload(client, f"name,email,joined\nIda,ida@mailbox.example,{day}\n")
        assert "day_first" not in page.context["columns"].fields

    def test_a_clear_day_shows_how_the_others_are_written(self, client):
        rows = "Ida,ida@mailbox.example,3/4/2026\nOda,oda@mailbox.example,23/11/2025\n"
        page = upload(client, f"name,email,joined\n{rows}")
        answer(client, page, **CONFIRM)
        assert {member.name: member.received_on for member in Member.objects.all()} == {
            "Ida": date(2026, 4, 3),
            "Oda": date(2025, 11, 23),
        }


class TestLinesToFix:
    def test_they_come_back_after_fixing_and_the_reason_is_not_read(self, client):
        page = upload(client, "title\nname,email,region\nIda,ida at mailbox,ON\nOda,oda@mailbox.example,ON\n")
        raw = b"".join(answer(client, page, action="errors").streaming_content)
        fixed = raw.replace(b"ida at mailbox", b"ida@mailbox.example")
        page = upload(client, fixed)
        assert page.context["asked"] == []
        answer(client, page, **CONFIRM)
        assert names() == ["Ida"]

    def test_twice_downloaded_they_have_one_reason(self, client):
        raw = "name,email,why\nIda,ida at mailbox,an older reason\n"
        lines = b"".join(answer(client, upload(client, raw), action="errors").streaming_content)
        header, row = csv.reader(io.StringIO(lines.decode("utf-8-sig")))
        assert (header, row[:2], len(row)) == (["name", "email", "why"], ["Ida", "ida at mailbox"], 3)

    def test_they_are_those_of_the_columns_as_chosen(self, client):
        page = upload(client, "name,email,Club\nIda,ida@mailbox.example,yes\n")
        lines = b"".join(answer(client, page, column_2="stopped", action="errors").streaming_content).decode()
        assert "This person must not be emailed. The column “Club” says “yes”." in lines


class TestLimits:
    def test_a_list_with_too_many_columns_is_refused(self, client):
        page = upload(client, ",".join(["email", *(f"c{at}" for at in range(200))]) + "\n")
        assert "This list has too many columns. Delete those that we don’t need." in text_on(page)

    def test_the_number_of_those_left_out_does_not_say_why(self, client):
        cast.waiting(email="ida@mailbox.example")
        page = answer(client, upload(client, PLAIN), **CONFIRM)
        said = "1 person was left out: they are already here, they stopped our emails, or we deleted their record."
        assert said in page.content.decode()

    def test_the_question_about_the_columns_works_in_french_and_spanish_lists(self, client):
        page = upload(client, "Nom;Courriel;Statut du dossier\nIda;ida@mailbox.example;ouvert\n")
        assert [field.label for field in page.context["columns"].asked()] == ["Statut du dossier"]
