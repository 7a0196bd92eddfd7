from datetime import timedelta

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError
from django.urls import reverse
from django.utils import timezone

from pages.models import Person
from s4jr.privacy.portraits import MOST_BYTES
from s4jr.words.models import Passage
from tests.chapters import cast
from tests.make import admin, signed_in_staff
from tests.reading import Page, words

pytestmark = pytest.mark.django_db

PICTURE = b"RIFF of a picture"
EVERY_PAGE_WITH_PEOPLE = ["/", "/people/", "/press/"]


def shown():
    return [person.name for person in Person.objects.shown()]


def test_the_two_people_of_the_seed_are_there_with_the_pronouns_it_gives():
    people = Person.objects.values_list("name", "pronouns", "role")
    assert list(people) == [
        ("Marlee Liss", "", "Founder"),
        ("Gwenith Kikkawa", "they/them", "Equity, Diversity & Inclusion (EDI) Intern"),
    ]


def test_people_are_shown_with_name_pronouns_and_role(client):
    facts = Page(client.get("/people/").content.decode()).all(class_="person__facts")
    assert words(facts[1]) == "Gwenith Kikkawa (they/them), Equity, Diversity & Inclusion (EDI) Intern"


def test_the_press_page_has_the_founder_and_nobody_else(client):
    facts = Page(client.get("/press/").content.decode()).all(class_="person__facts")
    assert [words(fact) for fact in facts] == ["Marlee Liss, Founder"]


def test_consent_lasts_through_its_last_day():
    today = timezone.localdate()
    Person.objects.filter(name="Marlee Liss").update(consent_until=today)
    Person.objects.filter(name="Gwenith Kikkawa").update(consent_until=today - timedelta(days=1))
    assert shown() == ["Marlee Liss"]


@pytest.mark.parametrize("address", EVERY_PAGE_WITH_PEOPLE)
def test_a_person_whose_words_are_hidden_is_nowhere(client, address):
    Passage.objects.filter(key="people/marlee-liss").hide(by=admin())
    page = client.get(address).content.decode()
    assert "Marlee" not in page
    assert "Meet our Founder" not in page


@pytest.mark.parametrize("address", EVERY_PAGE_WITH_PEOPLE)
def test_a_person_whose_consent_has_ended_is_nowhere(client, address):
    Person.objects.update(consent_until=timezone.localdate() - timedelta(days=1))
    page = client.get(address).content.decode()
    assert "Marlee" not in page
    assert "Gwenith" not in page


def test_a_portrait_needs_words():
    with pytest.raises(IntegrityError):
        Person.objects.update(portrait=b"a picture")


def test_a_person_whom_git_would_bring_back_cannot_be_deleted(client):
    signed_in_staff(client)
    person = Person.objects.get(name="Marlee Liss")
    client.post(f"/{settings.ADMIN_PATH}pages/person/{person.pk}/delete/", {"post": "yes"})
    assert shown() == ["Marlee Liss", "Gwenith Kikkawa"]


@pytest.fixture
def pictured():
    """The founder, with a photograph."""
    person = Person.objects.get(name="Marlee Liss")
    person.portrait, person.portrait_alt = PICTURE, "Somebody smiles"
    person.save()
    return person


@pytest.mark.parametrize("address", EVERY_PAGE_WITH_PEOPLE)
def test_a_photograph_takes_the_place_of_the_bust_and_says_what_it_shows(client, pictured, address):
    (photo,) = Page(client.get(address).content.decode()).all(class_="portrait__photo")
    assert (photo["alt"], photo["src"]) == ("Somebody smiles", f"/people/{pictured.pk}/portrait/")
    answer = client.get(photo["src"])
    assert (answer.content, answer["Content-Type"]) == (PICTURE, "image/webp")
    assert client.get(photo["src"], headers={"If-None-Match": answer["ETag"]}).status_code == 304


def test_a_photograph_goes_with_its_owner(client, pictured):
    Passage.objects.filter(key=pictured.passage_key).hide(by=admin())
    assert client.get(f"/people/{pictured.pk}/portrait/").status_code == 404


def test_nobody_has_a_photograph_at_first(client):
    person = Person.objects.first()
    assert client.get(f"/people/{person.pk}/portrait/").status_code == 404


class TestAdmin:
    @pytest.fixture(autouse=True)
    def _is_signed_in(self, client):
        signed_in_staff(client)

    def send(self, client, person, **more):
        kept = {"name": person.name, "role": person.role, "passage_key": person.passage_key, "order": person.order}
        return client.post(reverse("admin:pages_person_change", args=[person.pk]), {**kept, **more})

    def test_a_photograph_is_drawn_small_and_kept_with_its_words(self, client):
        person = Person.objects.first()
        photo = SimpleUploadedFile("photo.jpg", cast.photograph())
        self.send(client, person, photo=photo, portrait_alt="Somebody smiles")
        person.refresh_from_db()
        assert (bytes(person.portrait)[:4], person.portrait_alt) == (b"RIFF", "Somebody smiles")
        assert len(person.portrait) <= MOST_BYTES

    def test_a_photograph_needs_words(self, client):
        person = Person.objects.first()
        answer = self.send(client, person, photo=SimpleUploadedFile("photo.jpg", cast.photograph()))
        assert "what the photograph shows" in answer.content.decode()
        person.refresh_from_db()
        assert person.portrait is None

    def test_it_stays_until_it_is_taken_away(self, client, pictured):
        self.send(client, pictured, portrait_alt=pictured.portrait_alt)
        assert Person.objects.get(pk=pictured.pk).portrait == PICTURE
        self.send(client, pictured, portrait_alt=pictured.portrait_alt, remove_photo="on")
        assert Person.objects.get(pk=pictured.pk).portrait is None
