"""The renewal email of a profile, and the page that its link opens."""

import re
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import connection

from chapters.models import Representative
from chapters.representatives.renewal_emails import write_renewals
from chapters.representatives.services import hide_profiles, renew_consent
from chapters.tasks import keep_profiles_up_to_date
from s4jr.mail.discreet import coalition_words_in
from s4jr.mail.models import OutgoingEmail
from tests.chapters import cast
from tests.query_counts import LANGUAGES, queries_of
from tests.reading import Page, words

pytestmark = pytest.mark.django_db
#: Queries for one email, in a transaction of its own: it is counted, its link is kept, and it is queued.
EACH_RENEWAL = 7


def asked(days=90, **fields):
    """Orla, who confirmed her profile this many days ago and has just received an email."""
    profile = cast.representative(confirmed_on=cast.today() - timedelta(days=days), **fields)
    write_renewals()
    return profile


def link_in(email):
    [link] = re.findall(r"https?://\S+", email.body)
    return link.removeprefix(settings.EMAIL_LINK_URL)


def newest():
    return OutgoingEmail.objects.latest("created_at")


def heading(answer):
    return words(Page(answer.content.decode()).one(tag="h1"))


@pytest.mark.parametrize("written", [0, 1, 2])
def test_the_emails_name_no_cause_and_no_one(written):
    profile = asked(emails_written=written, asked_on=cast.today() - timedelta(days=8))
    email = newest()
    text = f"{email.subject} {email.body}".replace(settings.EMAIL_LINK_URL, "")
    assert coalition_words_in(text) == []
    assert [said for said in (profile.display_name, "Ontario", "representative") if said in text] == []
    assert (email.to, email.about) == (cast.ADDRESS, f"representative {profile.pk}")


def test_the_token_is_stored_only_encrypted_and_as_a_keyed_hash():
    asked()
    token = link_in(newest()).rstrip("/").rpartition("/")[2]
    with connection.cursor() as cursor:
        cursor.execute("SELECT renewal_token, renewal_hash FROM chapters_representative")
        assert token not in " ".join(cursor.fetchone())
    assert len(token) == 22


def test_a_get_of_the_link_changes_nothing_and_a_post_renews(client):
    profile = asked()
    address = link_in(newest())
    assert heading(client.get(address)) == "Is this still right?"
    profile.refresh_from_db()
    assert profile.confirmed_on == cast.today() - timedelta(days=90)

    assert heading(client.post(address, follow=True)) == "Thank you"
    profile.refresh_from_db()
    assert profile.confirmed_on == cast.today()
    assert heading(client.get(address)) == heading(client.post(address, follow=True)) == "Thank you"


def test_the_link_shows_a_hidden_profile_again(client):
    asked(104, emails_written=2, asked_on=cast.today() - timedelta(days=7))
    Representative.objects.update(consent_until=cast.today() - timedelta(days=2))
    address = link_in(newest())
    assert Representative.objects.public().count() == 0
    assert "hasn’t been shown since" in client.get(address).content.decode()
    client.post(address)
    assert Representative.objects.public().count() == 1


def test_all_emails_of_one_round_have_the_same_link():
    asked()
    Representative.objects.update(asked_on=cast.today() - timedelta(days=7))
    write_renewals()
    assert len({link_in(email) for email in OutgoingEmail.objects.all()}) == 1
    assert OutgoingEmail.objects.count() == 2


def test_the_next_round_has_its_own_link(client):
    profile = asked()
    first = link_in(newest())
    client.post(first)
    write_renewals(cast.today() + timedelta(days=90))
    assert link_in(newest()) != first
    assert client.get(first).status_code == 410
    assert Representative.objects.filter(pk=profile.pk).with_link("").count() == 0


@pytest.mark.parametrize(
    "over",
    [
        {"ends_on": cast.today() - timedelta(days=2), "begins_on": cast.today() - timedelta(days=300)},
        {"confirmed_on": None, "consent_until": None, "display_name": ""},
    ],
    ids=["term over", "emptied"],
)
def test_an_expired_link_says_so_and_shows_no_profile(client, over):
    profile = asked()
    address = link_in(newest())
    Representative.objects.filter(pk=profile.pk).update(**over)
    assert (client.get(address).status_code, client.post(address).status_code) == (410, 410)
    assert Representative.objects.public().count() == 0


def test_no_link_shows_a_profile_that_its_owner_hid(client):
    asked()
    address = link_in(newest())
    hide_profiles(Representative.objects.all())
    assert (client.post(address).status_code, Representative.objects.public().count()) == (410, 0)
    assert renew_consent(Representative.objects.all()) == 1


@pytest.mark.parametrize("method", ["get", "post"])
def test_the_page_names_no_cause(client, method):
    asked()
    page = getattr(client, method)(link_in(newest()), follow=True).content.decode()
    assert [word for word in settings.COALITION_WORDS if word in page.lower()] == []
    assert "Orla" not in page


def test_guessing_links_is_rate_limited(client):
    asked()
    assert client.post("/desk/renew/AAAAAAAAAAAAAAAAAAAAAA/").status_code == 410


def test_an_email_is_in_the_chosen_language():
    asked(language="fr-ca")
    assert newest().language == "fr-ca"
    assert link_in(newest()).startswith("/fr/desk/renew/")


def test_the_task_sends_emails_and_empties_profiles():
    cast.representative(confirmed_on=cast.today() - timedelta(days=90))
    written = {"emails_written": 3, "asked_on": cast.today() - timedelta(days=46)}
    cast.representative("bram", confirmed_on=cast.today() - timedelta(days=150), **written)
    keep_profiles_up_to_date()
    assert OutgoingEmail.objects.filter(kind="profile-renewal").count() == 1
    assert Representative.objects.filter(display_name="").count() == 1


def test_a_run_takes_the_same_number_of_queries_for_each_email():
    """Each of them is another user of another chapter; a third reads each language."""

    def create(number):
        user = cast.person(f"bram{number}", address=f"bram{number}@mailbox.example")
        said = {"language": LANGUAGES[number % 3], "confirmed_on": cast.today() - timedelta(days=90)}
        cast.of_chapter(cast.one_of_many_chapters(number), user=user, **said)

    costs = []
    for numbers in (range(3), range(3, 6), range(6, 36)):
        for number in numbers:
            create(number)
        costs.append(queries_of(write_renewals))
    each = (costs[2] - costs[0]) / 27
    assert (costs[0], each, OutgoingEmail.objects.count()) == (costs[1], EACH_RENEWAL, 36)
