from datetime import timedelta

import pytest
from django.conf import settings
from django.db import IntegrityError
from django.utils import timezone

from pages.models import Person
from s4jr.words.models import Passage
from tests.make import admin, signed_in_staff
from tests.reading import Page, words

pytestmark = pytest.mark.django_db

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
