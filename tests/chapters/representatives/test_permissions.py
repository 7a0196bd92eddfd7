"""Representatives reach only their own pages, and cannot learn whether other pages exist."""

import uuid
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.urls.converters import IntConverter

from chapters import urls as rooms
from chapters.representatives import urls
from chapters.representatives.onboarding import Step
from s4jr.security.headers import NO_STORE
from tests import make
from tests.chapters import cast
from tests.chapters.representatives import people
from tests.query_counts import for_one_and_thirty

pytestmark = pytest.mark.django_db
OF_A_TERM = [pattern.name for pattern in urls.urlpatterns if "term" in pattern.pattern.converters]
POSTED = {"representative_profile_show", "representative_profile_hide"}
#: Further arguments of these URLs. No preview has this photo.
MORE = {
    "representative_onboarding": [[step] for step in Step.values],
    "representative_photo_draft": [["00000000-0000-4000-8000-000000000000"]],
}


def addresses_of(pk):
    """Yield every URL of one term's pages, including each onboarding step."""
    for name in OF_A_TERM:
        for more in MORE.get(name, [[]]):
            yield name, reverse(name, args=[pk, *more])


def answers(client, pk):
    """Return the statuses of GET and POST for each of these URLs."""
    return {
        (name, address): (client.get(address).status_code, client.post(address).status_code)
        for name, address in addresses_of(pk)
    }


def nothing_there(pk):
    return dict.fromkeys(addresses_of(pk), (404, 404))


def test_the_list_of_urls_is_complete():
    assert set(OF_A_TERM) >= {
        "representative_term",
        "representative_onboarding",
        "representative_profile",
        "representative_profile_change",
        "representative_text",
        "representative_members",
    }


def test_a_representative_can_open_all_their_own_pages(client):
    term = people.signed_in_representative(client)
    seen = {name: client.get(address).status_code for name, address in addresses_of(term.pk)}
    expected = {**dict.fromkeys(OF_A_TERM, 200), **dict.fromkeys(POSTED, 405), "representative_photo_draft": 404}
    assert seen == expected


def test_a_representative_of_another_place_gets_404(client):
    ontario = cast.representative("asta")
    people.signed_in_representative(client, place="CA-QC")
    assert answers(client, ontario.pk) == nothing_there(ontario.pk)


def test_another_representative_of_the_same_place_gets_404(client):
    mine = cast.representative("asta")
    people.signed_in_representative(client)
    assert answers(client, mine.pk) == nothing_there(mine.pk)


def test_a_representative_of_a_chapter_in_the_place_gets_404(client):
    ontario = cast.representative("asta")
    user = people.somebody("bram")
    cast.of_chapter(cast.chapter(), user=user)
    people.sign_in(client, user)
    assert answers(client, ontario.pk) == nothing_there(ontario.pk)


def test_an_ended_term_opens_nothing(client):
    over = cast.today() - timedelta(days=2)
    term = people.signed_in_representative(client, begins_on=over, ends_on=over)
    assert answers(client, term.pk) == nothing_there(term.pk)
    assert client.get("/desk/").status_code == 404


def test_a_future_term_opens_nothing_and_shows_its_start(client):
    tomorrow = cast.today() + timedelta(days=2)
    term = people.signed_in_representative(client, begins_on=tomorrow, confirmed_on=None)
    assert answers(client, term.pk) == nothing_there(term.pk)
    answer = client.get("/desk/")
    assert (answer.status_code, answer.context["next_term"]) == (200, term)


def test_an_admin_without_a_term_gets_404(client):
    term = cast.representative()
    make.signed_in_staff(client)
    assert answers(client, term.pk) == nothing_there(term.pk)
    assert client.get("/desk/").status_code == 404


def test_an_inactive_user_is_sent_to_sign_in(client):
    term = people.signed_in_representative(client)
    type(term.user).objects.update(is_active=False)
    assert {client.get(address).status_code for _, address in addresses_of(term.pk)} == {302}


def test_a_visitor_signs_in_and_returns_to_the_page(client):
    term = cast.representative()
    for _name, address in [("desk", "/desk/"), *addresses_of(term.pk)]:
        assert (client.get(address).url, client.post(address).url) == (f"/account/login/?next={address}",) * 2


def test_a_password_alone_is_not_enough(client):
    user = people.somebody()
    term = cast.representative(user=user)
    client.force_login(user)
    address = reverse("representative_profile", args=[term.pk])
    assert client.get(address).url == f"/account/2fa/reauthenticate/?next={address}"


def test_a_user_without_a_second_factor_sets_one_up_first(client):
    user = make.person_who_signs_in()
    term = cast.representative(user=user)
    client.force_login(user)
    assert client.get(reverse("representative_profile", args=[term.pk])).url == reverse("mfa_activate_totp")


def test_pages_of_others_run_the_same_queries_as_missing_pages(client):
    anothers = cast.representative("asta")
    people.signed_in_representative(client, place="CA-QC")

    def asked_for(pk):
        with CaptureQueriesContext(connection) as found:
            answer = client.get(reverse("representative_profile", args=[pk]))
        return answer.status_code, [query["sql"].partition(" WHERE ")[0] for query in found]

    assert asked_for(anothers.pk) == asked_for(uuid.uuid4())


def every_page():
    """Yield every URL of the representative pages of all apps, for missing objects."""
    patterns = [one for room in rooms.urlpatterns for one in room.url_patterns]
    for pattern in patterns:
        if str(pattern.pattern).startswith("desk/"):
            of_nobody = {
                name: 1 if isinstance(converter, IntConverter) else uuid.uuid4()
                for name, converter in pattern.pattern.converters.items()
                if name != "step"
            }
            step = {"step": "card"} if "step" in pattern.pattern.converters else {}
            if "token" not in of_nobody:  # the link in an email works for anyone who has it
                yield pattern.name, reverse(pattern.name, kwargs={**of_nobody, **step})


def test_no_representative_page_opens_for_visitors(client):
    answers = {name: client.get(address) for name, address in every_page()}
    assert len(answers) > len(OF_A_TERM)
    assert {name: answer.status_code for name, answer in answers.items() if answer.status_code not in (302, 405)} == {}
    assert {answer.url[:15] for answer in answers.values() if answer.status_code == 302} == {"/account/login/"}


def test_no_representative_page_opens_for_an_admin_without_a_term(client):
    make.signed_in_staff(client, "reader", superuser=False)
    answers = {name: client.get(address).status_code for name, address in every_page()}
    assert {name: status for name, status in answers.items() if status not in (404, 405)} == {}


def test_browsers_store_no_representative_page(client):
    term = people.signed_in_representative(client)
    kept = {client.get(address).headers["Cache-Control"] for _, address in addresses_of(term.pk)}
    assert kept == {NO_STORE}


def test_a_representative_with_two_terms_chooses_one(client):
    term = people.signed_in_representative(client)
    cast.of_chapter(cast.chapter(), user=term.user)
    page = client.get("/desk/").content.decode()
    assert [place in page for place in ("Ontario", "Lakeside circle")] == [True, True]


def test_the_choice_takes_as_many_queries_for_thirty_terms_as_for_two(client):
    term = people.signed_in_representative(client)
    cast.of_chapter(cast.chapter(), user=term.user)

    def create(number):
        cast.of_chapter(cast.one_of_many_chapters(number), user=term.user)

    one, thirty = for_one_and_thirty(create, lambda: client.get("/desk/"))
    assert (one, client.get("/desk/").content.decode().count("Circle ")) == (thirty, 30)


def test_the_start_page_redirects_to_the_only_term(client):
    term = people.signed_in_representative(client)
    assert client.get("/desk/").url == reverse("representative_term", args=[term.pk])


# --- a session of at most an hour without activity


def let_pass(client, minutes):
    session = client.session
    session["last_seen_at"] -= 60 * minutes
    session.save()


def test_a_pause_of_fifty_minutes_is_fine_and_one_of_an_hour_ends_the_session(client):
    term = people.signed_in_representative(client)
    address = reverse("representative_profile", args=[term.pk])
    let_pass(client, 50)
    assert client.get(address).status_code == 200
    let_pass(client, 61)
    assert client.get(address).url == f"/account/login/?next={address}"


def test_a_form_comes_back_after_signing_in_again(client):
    term = people.signed_in_representative(client)
    let_pass(client, 61)
    client.post(
        reverse("representative_profile_change", args=[term.pk]), {"words": "a sentence that took long to find"}
    )
    people.sign_in(client, term.user)
    assert "a sentence that took long to find" in client.get("/account/typed/").content.decode()
