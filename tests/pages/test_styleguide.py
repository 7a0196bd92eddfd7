"""`/styleguide/` shows every component, only to users who may open the admin."""

import re

import pytest
from django.conf import settings

from tests.make import person_who_signs_in, signed_in_staff
from tests.reading import Page, words

pytestmark = pytest.mark.django_db

CSS = settings.BASE_DIR / "static" / "css"
SHARED = ["exit", "motif", "forms", "components", "pages"]


def classes_of(name):
    bare = re.sub(r"/\*.*?\*/|url\([^)]*\)", "", (CSS / f"{name}.css").read_text(), flags=re.DOTALL)
    return set(re.findall(r"\.([a-z][\w-]*)", bare))


@pytest.fixture
def guide(client):
    signed_in_staff(client)
    return Page(client.get("/styleguide/").content.decode())


@pytest.mark.parametrize("name", SHARED)
def test_every_class_of_the_shared_stylesheets_is_shown(guide, name):
    drawn = {word for element in guide.elements for word in element.get("class", "").split()}
    assert sorted(classes_of(name) - drawn) == []


def test_every_token_is_shown(guide):
    light = (CSS / "tokens.css").read_text().partition("@media")[0]
    shown = {words(element) for element in guide.all(tag="code")}
    assert sorted(set(re.findall(r"^ +(--[\w-]+):", light, re.MULTILINE)) - shown) == []


def test_it_is_closed_to_visitors_and_users_who_are_not_staff(client):
    assert client.get("/styleguide/").headers["Location"] == "/account/login/?next=/styleguide/"
    client.force_login(person_who_signs_in())
    assert client.get("/styleguide/").status_code == 404
