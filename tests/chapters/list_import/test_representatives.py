"""A list of representatives becomes prepared terms: nothing is public, and no email leaves before an admin sends it."""

import csv
import html
import io
from datetime import date

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse

from chapters.models import Representative
from chapters.representatives.group_messages import send_to_all
from chapters.representatives.reachability import unreached_terms
from s4jr.accounts.invitations import issue_invitation
from s4jr.accounts.models import Invitation, User
from s4jr.audit.models import AccessLog
from s4jr.crypto.blind_index import blind_index
from s4jr.mail.models import OutgoingEmail, Suppression
from tests import make
from tests.chapters import cast
from tests.chapters.list_import.cast import REASON, REPRESENTATIVES, confirm, reasons_in, upload
from tests.chapters.meetings.meetings import chapter

pytestmark = pytest.mark.django_db
INVITATIONS = "/manage/chapters/representative/invitations/"
ANA, BEN = "ana@mailbox.example", "ben@mailbox.example"
LIST = f"email,place,from,language\n{ANA},Ontario,2026-11-01,French\n{BEN},US-NY,,\n"


@pytest.fixture
def ada(client):
    return make.signed_in_staff(client)


def preview(client, text, encoding="utf-8"):
    return upload(client, REPRESENTATIVES, text, encoding)


def bring(client, text=LIST, **answers):
    return confirm(client, REPRESENTATIVES, text, **answers)


def terms():
    return [(term.user.address, term.place_code, term.language) for term in Representative.objects.order_by("region")]


class TestPreparedTerms:
    def test_each_line_becomes_a_term_with_a_new_user(self, client, ada):
        answer = bring(client)
        assert answer["Location"] == reverse("admin:chapters_representative_changelist")
        assert terms() == [(ANA, "CA-ON", "fr-ca"), (BEN, "US-NY", "en")]
        first = Representative.objects.get(region="CA-ON")
        assert (first.begins_on, first.ends_on, first.appointed_by) == (date(2026, 11, 1), None, ada)

    def test_a_term_without_a_day_begins_today(self, client, ada):
        bring(client)
        assert Representative.objects.get(region="US-NY").begins_on == cast.today()

    def test_nothing_of_them_is_public_and_no_email_is_written(self, client, ada):
        bring(client)
        assert (Representative.objects.public().count(), Representative.objects.serving().count()) == (0, 0)
        assert (OutgoingEmail.objects.count(), Invitation.objects.count()) == (0, 0)
        assert {user.is_active for user in User.objects.exclude(pk=ada.pk)} == {False}

    def test_no_other_email_of_the_site_goes_there_either(self, client, ada):
        bring(client)
        send_to_all(cast.representative("nadia"), "Hello everyone.", "token")
        assert (OutgoingEmail.objects.count(), unreached_terms()) == (0, [])

    def test_the_preview_saves_nothing_and_shows_every_column_and_the_first_lines(self, client, ada):
        page = preview(client, f"email,place,from,Full name,language\n{ANA},Ontario,2026-11-01,Ana Madeup,French\n")
        words = dict(page.context["read"].columns_in_words())
        assert {title: str(meaning) for title, meaning in words.items()} == {
            "email": "email address",
            "place": "place, state or province",
            "from": "start date",
            "Full name": "not read",
            "language": "email language",
        }
        assert page.context["first_lines"][0] == f"{ANA} · Ontario, Canada · November 1, 2026 · Français"
        assert (Representative.objects.count(), "Ana Madeup" in page.content.decode()) == (0, False)

    @pytest.mark.parametrize(
        "header",
        [
            "Email;Place;Chapter;From;Until;Language;Username",
            "Courriel;Lieu;Section;Du;Au;Langue;Nom de connexion",
            "Correo;Lugar;Capítulo;Desde;Hasta;Idioma;Nombre de usuario",
        ],
    )
    def test_the_columns_that_the_page_names_are_read_in_each_language(self, client, ada, header):
        [line] = (
            preview(client, f"{header}\n{ANA};Québec;;2026-11-01;2031-11-01;Français;heron\n").context["read"].usable
        )
        assert line.answers == {
            "address": ANA,
            "region": "CA-QC",
            "chapter": None,
            "begins_on": date(2026, 11, 1),
            "ends_on": date(2031, 11, 1),
            "language": "fr-ca",
            "username": "heron",
        }

    def test_one_person_may_represent_two_places(self, client, ada):
        bring(client, f"email,place\n{ANA},Ontario\nAna@mailbox.example,Quebec\n")
        assert User.objects.filter(terms__isnull=False).distinct().count() == 1
        assert sorted(Representative.objects.values_list("region", flat=True)) == ["CA-ON", "CA-QC"]

    def test_a_line_may_name_an_open_chapter(self, client, ada):
        riverside = chapter()
        bring(client, f"courriel;section\n{ANA};RIVERSIDE\n")
        assert [term.chapter for term in Representative.objects.all()] == [riverside]

    def test_a_part_of_another_country_is_kept(self, client, ada):
        bring(client, f"email,state,country\n{ANA},Bavaria,Germany\n{BEN},,France\n")
        assert sorted(Representative.objects.values_list("region", flat=True)) == ["DE-BY", "FR"]

    def test_a_username_is_taken_from_the_list_and_a_name_never_is(self, client, ada):
        bring(client, f"name,email,place,username\nAna Madeup,{ANA},Ontario,heron\n,{BEN},Ontario,\n")
        names = User.objects.exclude(pk=ada.pk).order_by("-username").values_list("username", flat=True)
        assert (names[0], names[1].startswith("ca-on-")) == ("heron", True)


class TestColumnsThatMayHoldANo:
    TEXT = f"email,place,Status,Do Not Email,Opted out,notes\n{ANA},Ontario,declined,yes,,tall\n"
    QUESTION = "I took out everyone who said no. We don’t read these columns: Status, Do Not Email"

    def test_they_are_named_and_nothing_is_saved_before_the_admin_answers(self, client, ada):
        assert self.QUESTION in html.unescape(preview(client, self.TEXT).content.decode())
        page = html.unescape(confirm(client, REPRESENTATIVES, self.TEXT).content.decode())
        said = "Take out the lines of people who said no. Then check this box." in page
        assert (said, self.QUESTION in page, Representative.objects.count()) == (True, True, 0)

    def test_an_answer_brings_the_lines_in(self, client, ada):
        confirm(client, REPRESENTATIVES, self.TEXT, took_out="on")
        assert Representative.objects.count() == 1

    def test_other_columns_ask_nothing(self, client, ada):
        page = preview(client, f"email,place,notes,Status\n{ANA},Ontario,tall,\n")
        assert "took_out" not in page.context["form"].fields


class TestLinesThatCannotBeUsed:
    @pytest.mark.parametrize(
        ("line", "why"),
        [
            (",Ontario,,", "The email address is missing."),
            ("ana,Ontario,,", "There is no @ in the address. An address looks like name@example.com."),
            (f"{ANA},,,", "Name either a place or a chapter."),
            (f"{ANA},Nowhere,,", "We don’t know this place. Write it as Ontario, ON or CA-ON."),
            (f"{ANA},Ontario,soon,", "We can’t read the date. Write it as 2026-11-23."),
            (f"{ANA},Ontario,2026-11-05,2026-11-04", "The last day is before the first day."),
            (f"{ANA},Ontario,2020-01-01,2020-12-31", "This term is already over."),
        ],
    )
    def test_each_has_a_reason(self, client, ada, line, why):
        assert reasons_in(preview(client, f"email,place,from,until\n{line}\n")) == {2: why}

    def test_an_unknown_language_chapter_or_username_is_named(self, client, ada):
        text = f"email,chapter,language,username\n{ANA},Lakeside,Klingon,a b\n"
        said = reasons_in(preview(client, text))[2]
        assert "We don’t know this chapter, or it isn’t open yet. Check its name." in said
        assert "The site isn’t in this language. Write English, French or Spanish." in said
        assert "Enter a valid username." in said

    def test_a_chapter_that_is_not_open_is_none(self, client, ada):
        chapter(status="asked")
        assert list(reasons_in(preview(client, f"email,chapter\n{ANA},Riverside\n"))) == [2]

    def test_lines_that_repeat_another_are_named(self, client, ada):
        text = f"email,place,username\n{ANA},Ontario,heron\nANA@mailbox.example,ON,\n{BEN},Quebec,Heron\n"
        said = reasons_in(preview(client, text))
        assert said == {3: "Line 2 says the same.", 4: "Another line has the same username."}

    def test_they_can_be_downloaded_corrected_and_brought_in_again(self, client, ada):
        text = f"Volunteers of November\n\nemail;place\n{ANA};Ontario\n=ben;Quebec\n"
        encrypted = preview(client, text).context["form"]["encrypted_list"].value()
        answer = client.post(REPRESENTATIVES, {"encrypted_list": encrypted, "action": "errors"})
        file = b"".join(answer.streaming_content).decode("utf-8-sig")
        assert list(csv.reader(io.StringIO(file))) == [
            ["email", "place", "why"],
            ["'=ben", "Quebec", "There is no @ in the address. An address looks like name@example.com."],
        ]
        again = preview(client, file.replace("'=ben", BEN))
        assert len(again.context["read"].usable) == 1
        assert [title for title, _meaning in again.context["read"].columns_in_words()] == ["email", "place"]

    def test_a_list_without_addresses_is_refused_with_the_way_out(self, client, ada):
        page = preview(client, "name,place\nAna Madeup,Ontario\n").content.decode()
        assert "We found no column with email addresses." in page

    def test_a_changed_list_is_refused(self, client, ada):
        page = client.post(REPRESENTATIVES, {"encrypted_list": "forged", "reason": REASON, "action": "confirm"})
        assert "This page is too old. Choose the file again." in page.content.decode()


class TestDays:
    AMBIGUOUS = f"email,place,from\n{ANA},Ontario,3/4/2026\n"

    def test_the_order_is_asked_for_only_if_the_list_does_not_tell(self, client, ada):
        asked = preview(client, self.AMBIGUOUS)
        assert "day_order" in asked.context["form"].fields
        assert "How are dates written in the list?" in asked.content.decode()
        assert "(optional)" not in asked.content.decode()
        told = self.AMBIGUOUS + f"{BEN},Ontario,25/4/2026\n"
        page = preview(client, told)
        assert ("day_order" in page.context["form"].fields, page.context["read"].usable[0].answers["begins_on"]) == (
            False,
            date(2026, 4, 3),
        )

    @pytest.mark.parametrize(("order", "day"), [("month", date(2026, 3, 4)), ("day", date(2026, 4, 3))])
    def test_the_answer_decides(self, client, ada, order, day):
        refused = bring(client, self.AMBIGUOUS)
        assert refused.context["form"].errors["day_order"] == ["Choose how the dates are written."]
        bring(client, self.AMBIGUOUS, day_order=order)
        assert Representative.objects.get().begins_on == day


class TestWhoIsKnown:
    def test_a_list_brought_twice_changes_nothing(self, client, ada):
        bring(client)
        page = client.get(bring(client)["Location"]).content.decode()
        assert "2 lines are about someone or something already here. Nothing changed there." in page
        assert (len(terms()), User.objects.count()) == (2, 3)

    def test_a_known_address_or_username_is_left_out_and_logged_as_a_search(self, client, ada):
        known = make.person_who_signs_in("imogen", address=ANA)
        other = make.person_who_signs_in("heron")
        bring(client, f"email,place,username\n{ANA},Ontario,\n{BEN},Ontario,HERON\ncy@mailbox.example,Ontario,\n")
        assert terms() == [("cy@mailbox.example", "CA-ON", "en")]
        searched = AccessLog.objects.filter(action="searched", object_kind="accounts.user")
        assert {row.object_id for row in searched} == {str(known.pk), str(other.pk)}
        assert {(row.reason, row.budget) for row in searched} == {(REASON, "lists")}

    def test_the_preview_says_nothing_about_who_is_known(self, client, ada):
        preview(client, LIST)  # the first page after signing in says so
        fresh = preview(client, LIST).content.decode()
        make.person_who_signs_in("imogen", address=ANA)
        again = preview(client, LIST).content.decode()
        hidden = ('name="encrypted_list"', "csrfmiddlewaretoken")
        assert [line for line in fresh.splitlines() if not any(mark in line for mark in hidden)] == [
            line for line in again.splitlines() if not any(mark in line for mark in hidden)
        ]
        assert AccessLog.objects.filter(action="searched").count() == 0

    def test_a_spent_budget_stops_it(self, client, ada, settings):
        settings.OPENINGS_AN_HOUR = 0
        assert (bring(client).status_code, Representative.objects.count()) == (403, 0)

    def test_ten_imports_a_day_are_enough(self, client, ada):
        lists = [f"email,place\nana{number}@mailbox.example,Ontario\n" for number in range(11)]
        statuses = [bring(client, text).status_code for text in lists]
        assert statuses == [302] * 10 + [429]

    def test_each_term_is_in_the_access_log(self, client, ada):
        bring(client)
        decided = AccessLog.objects.filter(action="decided", object_kind="chapters.representative")
        assert {row.object_id for row in decided} == {str(term.pk) for term in Representative.objects.all()}


class TestInvitations:
    def test_an_admin_sends_them_all_at_once(self, client, ada):
        bring(client)
        page = client.get(INVITATIONS).content.decode()
        assert "Send 2 invitations" in page
        client.post(INVITATIONS)
        assert sorted(email.to for email in OutgoingEmail.objects.all()) == [ANA, BEN]
        assert (Representative.objects.serving().count(), Invitation.objects.count()) == (2, 2)
        client.post(INVITATIONS)
        assert OutgoingEmail.objects.count() == 2
        assert "No prepared term can be invited by email right now." in client.get(INVITATIONS).content.decode()

    def test_a_person_with_two_places_gets_one(self, client, ada):
        bring(client, f"email,place\n{ANA},Ontario\n{ANA},Quebec\n")
        client.post(INVITATIONS)
        assert (OutgoingEmail.objects.count(), Representative.objects.serving().count()) == (1, 2)

    def test_the_page_of_a_term_sends_its_own(self, client, ada):
        bring(client)
        term = Representative.objects.get(region="CA-ON")
        address = reverse("admin:chapters_representative_change", args=[term.pk])
        page = client.get(address).content.decode()
        assert ("Send the invitation" in page, "Hand over" in page, "Make a new link" in page) == (True, False, False)
        client.post(reverse("admin:chapters_representative_invite", args=[term.pk]))
        assert [email.to for email in OutgoingEmail.objects.all()] == [ANA]
        assert "Make a new link" in client.get(address).content.decode()

    def test_a_stopped_address_gets_its_link_in_person(self, client, ada):
        bring(client)
        make.stop(blind_index(ANA), Suppression.Reason.NEVER)
        page = client.get(INVITATIONS).content.decode()
        assert ("Send 1 invitation" in page, "To invite in person" in page) == (True, True)
        client.post(INVITATIONS)
        assert [email.to for email in OutgoingEmail.objects.all()] == [BEN]
        term = Representative.objects.get(region="CA-ON")
        answer = client.post(reverse("admin:chapters_representative_invite", args=[term.pk]))
        assert "/invitation/" in answer.content.decode()

    def test_a_term_that_was_imported_by_mistake_can_be_deleted(self, client, ada):
        bring(client, f"email,place\n{ANA},Ontario\n{ANA},Quebec\n{BEN},Quebec\n")
        for term in Representative.objects.filter(region="CA-QC"):
            client.post(reverse("admin:chapters_representative_discard", args=[term.pk]))
        assert (terms(), User.objects.count()) == ([(ANA, "CA-ON", "en")], 2)
        assert AccessLog.objects.filter(action="erased").count() == 3

    def test_a_term_that_has_begun_cannot(self, client, ada):
        term = cast.representative("nadia")
        client.post(reverse("admin:chapters_representative_discard", args=[term.pk]))
        assert Representative.objects.filter(pk=term.pk).exists()

    def test_the_list_shows_who_waits(self, client, ada):
        cast.representative("nadia")
        bring(client)
        shown = client.get(reverse("admin:chapters_representative_changelist") + "?term=prepared")
        assert {term.user.address for term in shown.context["cl"].result_list} == {ANA, BEN}

    def test_a_user_whom_an_admin_deactivated_is_not_prepared(self, client, ada):
        term = cast.representative("nadia")
        issue_invitation(user=term.user, purpose=Invitation.Purpose.JOIN_STAFF, made_by=ada)
        User.objects.filter(pk=term.user_id).update(is_active=False)
        client.post(INVITATIONS)
        assert client.post(reverse("admin:chapters_representative_invite", args=[term.pk])).status_code == 403
        assert OutgoingEmail.objects.count() == 0


class TestWhoMay:
    @pytest.mark.parametrize("address", [REPRESENTATIVES, INVITATIONS])
    def test_only_those_who_appoint_may(self, client, address):
        cleo = make.signed_in_staff(client, "cleo", superuser=False)
        cleo.user_permissions.add(Permission.objects.get(codename="change_representative"))
        assert (client.get(address).status_code, client.post(address).status_code) == (403, 403)
        listed = reverse("admin:chapters_representative_changelist")
        assert REPRESENTATIVES not in client.get(listed).content.decode()
        cleo.user_permissions.add(Permission.objects.get(codename="add_representative"))
        assert client.get(address).status_code == 200
        assert REPRESENTATIVES in client.get(listed).content.decode()

    def test_a_visitor_is_asked_to_sign_in(self, client):
        assert (client.get(REPRESENTATIVES).status_code, client.post(INVITATIONS).status_code) == (302, 302)


@pytest.mark.parametrize("count", [1, 30])
def test_a_preview_takes_the_same_queries_for_one_and_for_thirty(client, ada, count, django_assert_num_queries):
    text = "email,place\n" + "".join(f"ana{number}@mailbox.example,Ontario\n" for number in range(count))
    preview(client, text)
    with django_assert_num_queries(5):
        assert len(preview(client, text).context["read"].usable) == count
