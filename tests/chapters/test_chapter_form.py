"""The admin's form of a chapter: its place is found as everywhere else."""

import pytest
from django.urls import reverse

from chapters.models import Chapter
from tests import make
from tests.chapters.meetings.meetings import chapter

pytestmark = pytest.mark.django_db
ADD = reverse("admin:chapters_chapter_add")


@pytest.fixture(autouse=True)
def _signed_in(client):
    make.signed_in_staff(client)


def added(client, **answers):
    return client.post(ADD, {"name": "Harbor", "slug": "harbor", "status": "open", **answers})


@pytest.mark.parametrize(
    ("typed", "place"),
    [("Québec", ("CA", "CA-QC")), ("CA", ("US", "US-CA")), ("Canada", ("CA", ""))],
)
def test_a_place_is_typed_and_kept_as_codes(client, typed, place):
    added(client, place=typed)
    assert list(Chapter.objects.values_list("country", "region")) == [place]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "Enter a state, province or country."),
        ("Georgia", "“Georgia” is more than one place. Choose the one you mean."),
    ],
)
def test_without_a_clear_place_nothing_is_saved(client, typed, said):
    form = added(client, place=typed).context["adminform"].form
    assert (form.errors, Chapter.objects.count()) == ({"place": [said]}, 0)


def test_saving_a_chapter_as_it_is_keeps_its_place(client):
    kept = chapter(name="Harbor", country="GE", region="")
    address = reverse("admin:chapters_chapter_change", args=[kept.pk])
    form = client.get(address).context["adminform"].form
    client.post(address, {**{name: form[name].value() or "" for name in form.fields}, "status": "resting"})
    kept.refresh_from_db()
    assert (kept.country, kept.region, kept.status) == ("GE", "", "resting")
