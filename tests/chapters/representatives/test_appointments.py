"""A coordinator appoints a representative in one step, hands a place over, or ends a term; responses reveal little."""

import re
from datetime import timedelta

import pytest
from django.conf import settings
from django.contrib.auth.models import Group
from django.urls import reverse
from django.utils import timezone

from chapters.local_days import last_today_in_place
from chapters.models import Representative, RepresentativeMessage
from chapters.representatives.appointments import Appointment, appoint, end_term, hand_over, settle_ended_terms
from s4jr.accounts.models import Invitation, User
from s4jr.audit.models import AccessLog
from s4jr.crypto.blind_index import blind_index
from s4jr.days import westernmost_today
from s4jr.mail.discreet import coalition_words_in
from s4jr.mail.models import OutgoingEmail
from tests import make
from tests.cast import paths_in
from tests.chapters import cast
from tests.chapters.representatives import people
from tests.query_counts import for_one_and_thirty
from tests.reading import Page

pytestmark = pytest.mark.django_db
ADD = "/manage/chapters/representative/add/"


@pytest.fixture
def ada(client):
    return make.signed_in_staff(client)


def said(**more):
    begins_on = cast.today().isoformat()
    asked = {"place": "CA-ON", "username": "orla", "address": cast.ADDRESS, "language": "en"}
    return {**asked, "begins_on": begins_on, **more}


def appointment(**more):
    return Appointment(**{"begins_on": cast.today(), "region": "CA-ON", "username": "orla", "address": "", **more})


def message(term, number="A1", **fields):
    """A message that no one has answered."""
    today = timezone.now().date()
    asked = {
        "number": number,
        "representative": term,
        "contact": "yes",
        "name": "Nele Nobody",
        "email": f"nele.{number}@mailbox.example",
        "email_index": f"index {number}",
        "code_hash": f"code {number}",
        "form_token": f"token {number}",
        "received_on": today,
        "last_word_on": today,
    }
    return RepresentativeMessage.objects.create(**{**asked, **fields})


def press(client, term, word, **more):
    return client.post(reverse(f"admin:chapters_representative_{word}", args=[term.pk]), more)


def states():
    return dict(RepresentativeMessage.objects.values_list("number", "state"))


class TestAppointing:
    def test_one_post_creates_user_term_and_invitation(self, client, ada):
        client.post(ADD, said())
        term = Representative.objects.get()
        assert (term.user.username, term.user.address, term.region, term.country) == (
            "orla",
            cast.ADDRESS,
            "CA-ON",
            "CA",
        )
        assert (term.user.is_staff, term.user.has_usable_password(), term.appointed_by) == (False, False, ada)
        assert Invitation.objects.filter(user=term.user, made_by=ada).count() == 1

    def test_nothing_is_public_yet(self, client, ada):
        client.post(ADD, said())
        assert (Representative.objects.public().count(), client.get("/representatives/").status_code) == (0, 200)

    def test_the_email_names_no_cause_and_its_link_works(self, client, ada):
        client.post(ADD, said())
        email = OutgoingEmail.objects.get()
        without_links = re.sub(r"https?://\S+", "", email.body)
        assert (email.to, coalition_words_in(f"{email.subject} {without_links}")) == (cast.ADDRESS, [])
        assert ("Ontario" in email.body, "epresent" in email.body) == (False, False)
        assert client.get(paths_in(email.body)[0]).context["invitation"].user.username == "orla"

    def test_the_page_shows_no_link_if_an_email_has_it(self, client, ada):
        assert "/invitation/" not in client.post(ADD, said()).content.decode()

    def test_without_an_address_the_link_is_shown_once(self, client, ada):
        page = client.post(ADD, said(address="")).content.decode()
        assert (page.count(f"{settings.SITE_URL}/invitation/"), OutgoingEmail.objects.count()) == (1, 0)

    def test_a_default_user_name_identifies_no_one(self, client, ada):
        client.post(ADD, said(username=""))
        assert re.fullmatch(r"ca-on-\d{4}", User.objects.get(terms__isnull=False).username)

    @pytest.mark.parametrize("more", [{"username": ""}, {"username": "", "address": ""}])
    def test_a_form_sent_twice_appoints_one(self, client, ada, more):
        mark = client.get(ADD).context["form"]["form_token"].value()
        first, second = (client.post(ADD, said(form_token=mark, **more)) for _twice in range(2))
        assert ("term" in first.context, "already sent this form" in second.content.decode()) == (True, True)
        assert (Representative.objects.count(), Invitation.objects.count()) == (1, 1)

    def test_a_form_corrected_after_an_error_counts_as_first_submission(self, client, ada):
        mark = client.get(ADD).context["form"]["form_token"].value()
        client.post(ADD, said(form_token=mark, place="Nowhere"))
        client.post(ADD, said(form_token=mark))
        assert Representative.objects.count() == 1

    def test_a_chapter_instead_of_a_place(self, client, ada):
        chapter = cast.chapter()
        client.post(ADD, said(place="", chapter=chapter.pk))
        term = Representative.objects.get()
        assert (term.chapter, term.region, term.country) == (chapter, "", "CA")

    @pytest.mark.parametrize(
        ("place", "code"), [("Ontario", "CA-ON"), ("ca-qc", "CA-QC"), ("Germany", "DE"), ("DE-BE", "DE-BE")]
    )
    def test_any_place_by_name_or_code(self, client, ada, place, code):
        client.post(ADD, said(place=place))
        term = Representative.objects.get()
        assert (term.region, term.country) == (code, code[:2])

    @pytest.mark.parametrize(
        ("place", "hint"),
        [
            ("Georgia", "“Georgia” is more than one place. Choose the one you mean."),
            ("Nowhere", "We don’t know “Nowhere.” Check the spelling, or enter only the country."),
        ],
    )
    def test_an_unknown_or_ambiguous_place_name_gets_an_error(self, client, ada, place, hint):
        answer = client.post(ADD, said(place=place))
        assert (answer.context["form"].errors["place"], Representative.objects.count()) == ([hint], 0)

    def test_one_of_several_places_of_a_name_can_be_chosen(self, client, ada):
        page = Page(client.post(ADD, said(place="Georgia")).content.decode())
        assert [box["value"] for box in page.all(name="place_meant")] == ["US-GA", "GE"]
        client.post(ADD, said(place="Georgia", place_meant="GE"))
        assert Representative.objects.get().region == "GE"

    @pytest.mark.parametrize("place", ["PA", "Penn.", "Philadelphia", "19104"])
    def test_a_short_form_shows_the_full_name_before_anyone_is_appointed(self, client, ada, place):
        answer = client.post(ADD, said(place=place))
        assert (answer.context["form"].errors["place"], Representative.objects.count()) == (
            ["Do you mean Pennsylvania, United States? If so, select “Appoint” again. If not, correct the place."], 0,
        )  # fmt: skip
        shown = Page(answer.content.decode()).one(name="place")["value"]
        client.post(ADD, said(place=shown))
        assert (shown, Representative.objects.get().region) == ("Pennsylvania, United States", "US-PA")

    @pytest.mark.parametrize("more", [{"place": ""}, {"with_chapter": True}])
    def test_either_a_place_or_a_chapter_is_required(self, client, ada, more):
        chapter = cast.chapter()
        more = {"chapter": chapter.pk} if more.pop("with_chapter", False) else more
        assert client.post(ADD, said(**more)).context["form"].errors != {}
        assert Representative.objects.count() == 0

    def test_several_of_one_place(self, client, ada):
        client.post(ADD, said())
        client.post(ADD, said(username="bram", address="", beside="together"))
        assert Representative.objects.serving().of("CA-ON", None).count() == 2

    def test_a_taken_user_name_is_refused(self, client, ada):
        taken = client.post(ADD, said(username="ADA"))
        assert (list(taken.context["form"].errors), Representative.objects.count()) == (["username"], 0)

    def test_an_existing_user_keeps_their_account(self, client, ada):
        orla = people.somebody()
        before = (orla.password, orla.address)
        client.post(ADD, said(is_known="on", address="somebody.else@mailbox.example"))
        orla.refresh_from_db()
        assert ((orla.password, orla.address), Invitation.objects.count()) == (before, 0)
        assert (orla.terms.count(), OutgoingEmail.objects.get().kind) == (1, "admin-appointed")

    def test_a_serving_representative_is_not_appointed_twice(self, client, ada):
        cast.representative(user=people.somebody())
        again = client.post(ADD, said(is_known="on"))
        assert (list(again.context["form"].errors), Representative.objects.count()) == (["username"], 1)

    def test_a_former_representative_repeats_only_the_profile_step(self):
        orla = people.somebody()
        cast.representative(user=orla, place="CA-QC", steps_done="sign-in public card messages meeting")
        term = appoint(appointment(user=orla), by=None).term
        assert term.steps_done == "sign-in public messages meeting"

    def test_the_appointment_is_logged(self, client, ada):
        client.post(ADD, said())
        noted = set(AccessLog.objects.values_list("who", "action", "object_kind"))
        assert noted >= {("ada", "decided", "chapters.representative"), ("ada", "sent", "accounts.user")}

    @pytest.mark.parametrize(("more", "counted"), [({}, ["address"]), ({"address": ""}, [])])
    def test_the_typed_address_counts_because_the_response_tells_whether_it_gets_emails(
        self, client, ada, more, counted
    ):
        client.post(ADD, said(**more))
        assert list(AccessLog.objects.filter(budget="lists").values_list("field_names", flat=True)) == counted

    @pytest.mark.parametrize("word", ["add", "hand_over"])
    def test_past_the_budget_no_one_is_appointed_and_the_form_can_be_sent_later(self, client, ada, settings, word):
        term = cast.representative("imogen", place="CA-QC")
        args = [] if word == "add" else [term.pk]
        page = reverse(f"admin:chapters_representative_{word}", args=args)
        form = said(form_token=client.get(page).context["form"]["form_token"].value())
        settings.OPENINGS_AN_HOUR = 0
        refused = client.post(page, form)
        assert (refused.status_code, Representative.objects.count()) == (403, 1)
        settings.OPENINGS_AN_HOUR = 1
        client.post(page, form)
        assert Representative.objects.count() == 2

    @pytest.mark.parametrize("group", ["Reader", "Editor", "Press"])
    def test_other_groups_cannot_appoint(self, client, group):
        reader = make.signed_in_staff(client, "reader", superuser=False)
        reader.groups.add(Group.objects.get(name=group))
        assert (client.get(ADD).status_code, client.post(ADD, said()).status_code) == (403, 403)
        assert Representative.objects.count() == 0

    def test_a_coordinator_can_appoint(self, client):
        ines = make.signed_in_staff(client, "ines", superuser=False)
        ines.groups.add(Group.objects.get(name="Coordinator"))
        client.post(ADD, said())
        assert Representative.objects.count() == 1


class TestInvitingAgain:
    def test_a_new_link_replaces_the_earlier_one(self, client, ada):
        first = client.post(ADD, said(address="")).context["link"]
        page = press(client, Representative.objects.get(), "invite")
        paths = [link.removeprefix(settings.SITE_URL) for link in (first, page.context["link"])]
        assert [client.get(path).status_code for path in paths] == [404, 200]

    @pytest.mark.parametrize("fields", [{"is_staff": True}, {"is_superuser": True, "is_staff": True}])
    def test_admin_accounts_get_no_invitation(self, client, ada, fields):
        term = cast.representative(user=make.person_who_signs_in("imogen", **fields))
        assert (press(client, term, "invite").status_code, Invitation.objects.count()) == (403, 0)

    def test_nor_do_accounts_that_have_signed_in(self, client, ada):
        imogen = make.person_who_signs_in("imogen", last_login=timezone.now())
        term = cast.representative(user=imogen)
        assert (press(client, term, "invite").status_code, Invitation.objects.count()) == (403, 0)

    def test_nor_does_anyone_whose_term_has_ended(self, client, ada):
        term = cast.representative(user=make.person_who_signs_in("imogen"))
        where = reverse("admin:chapters_representative_change", args=[term.pk])
        before = "Make a new link" in client.get(where).content.decode()
        end_term(term, by=ada)
        assert (before, "Make a new link" in client.get(where).content.decode()) == (True, False)
        assert (press(client, term, "invite").status_code, Invitation.objects.count()) == (403, 0)


class TestEndOfTerm:
    def test_the_representative_page_is_404_the_profile_hides_and_the_session_ends(self, client):
        term = people.signed_in_representative(client)
        desk = reverse("representative_term", args=[term.pk])
        assert client.get(desk).status_code == 200
        assert end_term(term, by=None) is True
        assert client.get(desk).url == f"/account/login/?next={desk}"
        people.sign_in(client, term.user)
        assert client.get(desk).status_code == 404
        assert Representative.objects.public().count() == 0

    def test_the_consent_ends_with_it(self):
        end_term(cast.representative(), by=None)
        assert Representative.objects.get().consent_until == westernmost_today() - timedelta(days=1)

    def test_a_second_post_changes_nothing(self, client, ada):
        term = cast.representative()
        message(term)
        press(client, term, "end")
        over_since = Representative.objects.get().ends_on
        press(client, term, "end")
        assert (Representative.objects.get().ends_on, OutgoingEmail.objects.count()) == (over_since, 1)

    def test_an_unused_invitation_expires(self, client, ada):
        link = client.post(ADD, said(address="")).context["link"]
        press(client, Representative.objects.get(), "end")
        assert client.get(link.removeprefix(settings.SITE_URL)).status_code == 404

    def test_a_pending_email_is_canceled(self, client, ada):
        client.post(ADD, said())
        press(client, Representative.objects.get(), "end")
        assert [email.state for email in OutgoingEmail.objects.all()] == ["canceled"]

    def test_another_term_of_the_user_continues(self, client):
        term = people.signed_in_representative(client)
        other = cast.of_chapter(cast.chapter(), user=term.user)
        end_term(term, by=None)
        people.sign_in(client, term.user)
        assert client.get("/desk/").url == reverse("representative_term", args=[other.pk])


class TestWaitingSenders:
    def test_get_a_neutral_email_and_no_one_else_reads_their_messages(self):
        term = cast.representative(display_name="Orla Invented")
        message(term, "A1")
        message(term, "A2", contact="discreet")
        end_term(term, by=None)
        emails = {email.to: f"{email.subject} {email.body}" for email in OutgoingEmail.objects.all()}
        assert sorted(emails) == ["nele.A1@mailbox.example", "nele.A2@mailbox.example"]
        assert [coalition_words_in(words) for words in emails.values()] == [[], []]
        assert [word for words in emails.values() for word in ("Orla", "Ontario", "epresent") if word in words] == []
        assert (states(), RepresentativeMessage.objects.filter(representative=term).count()) == (
            {"A1": "closed", "A2": "closed"},
            2,
        )

    def test_get_no_email_if_they_chose_never(self):
        term = cast.representative()
        message(term, contact="none", email="", email_index=None)
        end_term(term, by=None)
        assert (states(), OutgoingEmail.objects.count()) == ({"A1": "closed"}, 0)

    def test_get_the_same_email_if_blocked(self):
        term = cast.representative()
        message(term, flag_reason="blocked")
        end_term(term, by=None)
        assert OutgoingEmail.objects.count() == 1

    def test_get_no_email_if_flagged_as_automated(self):
        term = cast.representative()
        message(term, flag_reason="honeypot")
        end_term(term, by=None)
        assert OutgoingEmail.objects.count() == 0

    def test_messages_that_the_coalition_may_answer_stay_open(self):
        term, day = cast.representative(), cast.today()
        message(term, "A1", coalition_may_answer=True)
        message(term, "A2", coalition_may_answer=True, taken_over_on=day, read_on=day)
        message(term, "A3", state="answered")
        end_term(term, by=None)
        assert states() == {"A1": "open", "A2": "open", "A3": "answered"}
        assert OutgoingEmail.objects.count() == 0

    def test_a_read_message_cannot_be_taken_over(self):
        term = cast.representative()
        message(term, coalition_may_answer=True, read_on=cast.today())
        end_term(term, by=None)
        assert (states(), OutgoingEmail.objects.count()) == ({"A1": "closed"}, 1)

    def test_an_expired_term_is_settled_once(self):
        over = cast.today() - timedelta(days=2)
        message(cast.representative(begins_on=over, ends_on=over), "A1")
        message(cast.representative("bram"), "A2")
        assert (settle_ended_terms(), settle_ended_terms()) == (1, 0)
        assert states() == {"A1": "closed", "A2": "open"}


class TestHandOver:
    def test_one_post_ends_one_term_and_starts_the_next(self, client, ada):
        orla = cast.representative()
        waiting = message(orla)
        press(
            client,
            orla,
            "hand_over",
            username="bram",
            address="",
            begins_on=last_today_in_place("CA-ON"),
            language="en",
        )
        [bram] = Representative.objects.serving()
        assert (bram.user.username, bram.region, bram.follows) == ("bram", "CA-ON", orla)
        waiting.refresh_from_db()
        assert (waiting.representative, waiting.state) == (orla, "closed")

    def test_a_form_sent_twice_creates_one_successor(self, client, ada):
        orla = cast.representative()
        page = client.get(reverse("admin:chapters_representative_hand_over", args=[orla.pk]))
        mark = page.context["form"]["form_token"].value()
        for _twice in range(2):
            press(client, orla, "hand_over", form_token=mark, begins_on=last_today_in_place("CA-ON"), language="en")
        assert Representative.objects.filter(follows=orla).count() == 1

    def test_of_a_chapter(self):
        bram = cast.of_chapter(cast.chapter())
        next_one = appointment(region="", chapter=bram.chapter, username="ewa")
        assert hand_over(bram, next_one, by=None).term.chapter == bram.chapter

    def test_with_a_future_date_each_serves_in_turn(self):
        orla, day = cast.representative(), cast.today() + timedelta(days=10)
        bram = hand_over(orla, appointment(username="bram", begins_on=day), by=None).term

        def serving(on):
            return list(Representative.objects.serving(on).values_list("pk", flat=True))

        days = [cast.today(), day - timedelta(days=1), day]
        assert [serving(on) for on in days] == [[orla.pk], [orla.pk], [bram.pk]]
        assert Representative.objects.public().count() == 1

    def test_a_term_is_never_extended(self):
        soon = cast.today() + timedelta(days=2)
        orla = cast.representative(ends_on=soon)
        hand_over(orla, appointment(username="bram", begins_on=cast.today() + timedelta(days=10)), by=None)
        assert Representative.objects.get(pk=orla.pk).ends_on == soon


class TestAdmin:
    def test_thirty_terms_take_as_many_queries_as_one(self, client, ada):
        """Each is of a chapter of its own, after a term of somebody else's, and some can't be reached by email."""
        over, address = cast.today() - timedelta(days=9), "/manage/chapters/representative/"

        def create(number):
            circle = cast.one_of_many_chapters(number)
            before = cast.of_chapter(circle, f"ewa{number}", begins_on=over, ends_on=over)
            user = cast.person(f"bram{number}", address=f"bram{number}@mailbox.example")
            cast.of_chapter(circle, user=user, follows=before, appointed_by=cast.person(f"cleo{number}"))
            if number % 2:
                make.stop(blind_index(user.address), "unsubscribed")

        one, thirty = for_one_and_thirty(create, lambda: client.get(address))
        page = client.get(address).content.decode()
        assert (one, len(re.findall(r">Circle \d+<", page)), page.count(">bram")) == (thirty, 30, 30)

    def test_the_admin_of_a_term_shows_no_address(self, client, ada):
        term = cast.representative()
        pages = [client.get(path) for path in ("/manage/chapters/representative/", _page(term))]
        assert [cast.ADDRESS in page.content.decode() for page in pages] == [False, False]

    def test_an_admin_can_hide_a_profile(self, client, ada):
        term = cast.representative()
        press(client, term, "hide")
        assert (Representative.objects.public().count(), AccessLog.objects.get(action="changed").who) == (0, "ada")

    def test_actions_accept_only_post(self, client, ada):
        term = cast.representative()
        words = ("end", "hide", "invite")
        addresses = [reverse(f"admin:chapters_representative_{word}", args=[term.pk]) for word in words]
        assert [client.get(address).status_code for address in addresses] == [405, 405, 405]


def _page(term):
    return reverse("admin:chapters_representative_change", args=[term.pk])


class TestSecondPerson:
    """A place that someone represents: whoever appoints says whether it is handed over, before anyone is appointed."""

    @pytest.fixture
    def edda(self):
        return cast.representative(user=people.somebody("edda"))

    def test_the_form_asks_and_appoints_no_one_yet(self, client, ada, edda):
        page = client.post(ADD, said())
        form = page.context["form"]
        assert form.errors == {"beside": ["Choose what happens. No one is appointed yet."]}
        assert [str(label) for _value, label in form.fields["beside"].choices] == [
            "Hand over: the term of edda ends", "Together: no term ends, and both represent it",
        ]  # fmt: skip
        assert "Ontario already has a representative. What happens now?" in page.content.decode()
        assert (Representative.objects.count(), OutgoingEmail.objects.count()) == (1, 0)

    def test_together_ends_no_term(self, client, ada, edda):
        client.post(ADD, said(beside="together"))
        assert {term.user.username for term in Representative.objects.serving()} == {"edda", "orla"}
        assert Representative.objects.get(user__username="orla").follows is None

    def test_a_hand_over_ends_the_earlier_term(self, client, ada, edda):
        client.post(ADD, said(beside=str(edda.pk)))
        new = Representative.objects.serving().get()
        assert (new.user.username, new.follows) == ("orla", edda)

    def test_a_term_of_another_place_cannot_be_ended_that_way(self, client, ada, edda):
        other = cast.representative("bram", place="CA-QC")
        answer = client.post(ADD, said(beside=str(other.pk)))
        assert list(answer.context["form"].errors) == ["beside"]
        assert Representative.objects.get(pk=other.pk).is_serving

    def test_a_chapter_is_asked_about_too(self, client, ada):
        bram = cast.of_chapter(cast.chapter())
        answer = client.post(ADD, said(place="", chapter=bram.chapter_id))
        assert list(answer.context["form"].errors) == ["beside"]

    @pytest.mark.parametrize(("place", "code"), [("CA-QC", "CA-QC"), ("Canada", "CA")])
    def test_a_place_that_no_one_represents_is_not_asked_about(self, client, ada, edda, place, code):
        client.post(ADD, said(place=place))
        assert Representative.objects.filter(region=code).count() == 1

    def test_a_term_that_ended_is_not_asked_about(self, client, ada, edda):
        end_term(edda, by=None)
        client.post(ADD, said())
        assert Representative.objects.serving().get().user.username == "orla"
