"""A photo survives the preview of a profile: it is kept for an hour, for its owner only, and is never public."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from chapters.models import PhotoDraft, Representative
from chapters.representatives.photo_drafts import delete_old_drafts, keep_photo
from chapters.tasks import delete_photo_drafts
from s4jr.security.headers import NO_STORE
from tests.chapters import cast
from tests.chapters.representatives import people

pytestmark = pytest.mark.django_db
SAID = {"display_name": "Orla of the lake", "takes_messages": "on", "language": "en"}


@pytest.fixture
def term(client):
    return people.signed_in_representative(client)


def send(client, term, action="preview", **said):
    return client.post(reverse("representative_profile_change", args=[term.pk]), {**SAID, "action": action, **said})


def photograph():
    return SimpleUploadedFile("holiday.jpg", cast.photograph((300, 300)), content_type="image/jpeg")


def preview(client, term, **said):
    return send(client, term, photo=photograph(), photo_alt="Orla by the lake", **said)


def kept(answer):
    return answer.context["form"]["kept_photo"].value()


def now(term):
    return Representative.objects.get(pk=term.pk)


def address_of(draft):
    return reverse("representative_photo_draft", args=[draft.term_id, draft.pk])


def test_a_preview_keeps_the_photo_and_saving_shows_it(client, term):
    answer = preview(client, term)
    draft = PhotoDraft.objects.get()
    assert f'src="{address_of(draft)}" alt="Orla by the lake"' in answer.content.decode()
    send(client, term, "save", photo_alt="Orla by the lake", kept_photo=kept(answer))
    assert (bytes(now(term).photo), now(term).photo_alt) == (bytes(draft.photo), "Orla by the lake")
    assert PhotoDraft.objects.count() == 0


def test_an_error_in_another_field_keeps_it_too(client, term):
    answer = send(client, term, "save", photo=photograph())
    assert list(answer.context["form"].errors) == ["photo_alt"]
    send(client, term, "save", photo_alt="Orla by the lake", kept_photo=kept(answer))
    assert now(term).has_photo


def test_it_is_kept_through_a_second_preview(client, term):
    first = preview(client, term)
    second = send(client, term, photo_alt="Orla again", kept_photo=kept(first))
    assert (kept(second), PhotoDraft.objects.count()) == (kept(first), 1)


def test_another_photo_takes_its_place(client, term):
    first = preview(client, term)
    second = preview(client, term, kept_photo=kept(first))
    assert (kept(first) != kept(second), str(PhotoDraft.objects.get().pk)) == (True, kept(second))


def test_a_preview_changes_nothing_public(client, term):
    preview(client, term)
    assert (now(term).has_photo, now(term).display_name) == (False, "Orla Invented")
    assert client.get(reverse("representative_photo", args=[term.pk])).status_code == 404


def test_only_its_owner_sees_it_and_no_cache_keeps_it(client, term):
    preview(client, term)
    address = address_of(PhotoDraft.objects.get())
    mine = client.get(address)
    assert (mine.status_code, mine["Content-Type"], mine["Cache-Control"]) == (200, "image/webp", NO_STORE)
    client.logout()
    assert client.get(address).status_code == 302
    people.signed_in_representative(client, "bram", display_name="Bram")
    assert client.get(address).status_code == 404


def test_another_representative_cannot_save_it(client, term):
    draft = keep_photo(term, b"a picture")
    client.logout()
    bram = people.signed_in_representative(client, "bram", display_name="Bram")
    answer = send(client, bram, "save", photo_alt="Mine", kept_photo=draft.pk)
    assert answer.context["form"].errors == {"photo": ["We keep a new photo for one hour. Choose it again."]}


def test_after_an_hour_it_must_be_chosen_again(client, term):
    answer = preview(client, term)
    PhotoDraft.objects.update(made_at=timezone.now() - timedelta(minutes=61))
    later = send(client, term, "save", photo_alt="Orla", kept_photo=kept(answer))
    assert later.context["form"].errors == {"photo": ["We keep a new photo for one hour. Choose it again."]}
    assert client.get(address_of(PhotoDraft.objects.get())).status_code == 404


def test_a_checkbox_drops_it(client, term):
    answer = preview(client, term)
    assert "remove_photo" in answer.context["form"].fields
    send(client, term, "save", kept_photo=kept(answer), remove_photo="on")
    assert (now(term).has_photo, PhotoDraft.objects.count()) == (False, 0)


def test_the_scheduled_task_deletes_those_older_than_an_hour(term):
    young = keep_photo(term, b"a picture")
    other = keep_photo(cast.representative("bram"), b"a picture")
    PhotoDraft.objects.filter(pk=other.pk).update(made_at=timezone.now() - timedelta(minutes=61))
    delete_photo_drafts()
    assert list(PhotoDraft.objects.all()) == [young]
    assert delete_old_drafts(timezone.now() + timedelta(hours=2)) == 1
