import re
from datetime import timedelta

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from pages.models import TeamMember
from s4jr.content.files import digest
from s4jr.content.models import TextBlock, TextBlockRevision
from s4jr.content.services import hide_texts, rewrite_text
from s4jr.days import easternmost_today
from s4jr.form_fields.photos import MOST_BYTES
from tests.chapters import cast
from tests.make import admin, signed_in_staff
from tests.query_counts import for_one_and_thirty
from tests.reading import Page, words

pytestmark = pytest.mark.django_db

PICTURE = b"RIFF of a picture"
EVERY_PAGE_WITH_PEOPLE = ["/", "/people/", "/press/"]
EVERY_LANGUAGE = ["", "/fr", "/es"]
ADD = f"/{settings.ADMIN_PATH}pages/teammember/add/"
ORLA = {"name": "Orla Invented", "role": "Gardener", "order": 3, "is_in_press_kit": "on"}


def shown():
    return [person.name for person in TeamMember.objects.shown()]


def test_the_two_people_of_the_seed_have_its_pronouns():
    people = TeamMember.objects.values_list("name", "pronouns", "role")
    assert list(people) == [
        ("Marlee Liss", "", "Founder"),
        ("Gwenith Kikkawa", "they/them", "Equity, Diversity & Inclusion (EDI) Intern"),
    ]


def test_people_are_shown_with_name_pronouns_and_role(client):
    facts = Page(client.get("/people/").content.decode()).all(class_="person__facts")
    assert words(facts[1]) == "Gwenith Kikkawa (they/them), Equity, Diversity & Inclusion (EDI) Intern"


def test_the_media_page_shows_only_the_founder(client):
    facts = Page(client.get("/press/").content.decode()).all(class_="person__facts")
    assert [words(fact) for fact in facts] == ["Marlee Liss, Founder"]


@pytest.mark.parametrize("address", ["/people/", "/press/", f"/{settings.ADMIN_PATH}pages/teammember/"])
def test_a_list_of_people_takes_as_many_queries_for_thirty_as_for_one(client, settings, address):
    """The words of each are a text of their own, which somebody else edited."""
    settings.CACHE_VERSION_SECONDS = 0
    signed_in_staff(client)

    def create(number):
        key, editor = f"people/orla-{number}", cast.person(f"bram{number}")
        TextBlock.objects.create(key=key, language="en", edit=f"# Orla\n\nWords {number}", updated_by=editor)
        said = {"role": "Gardener", "order": number, "is_in_press_kit": True, "text_block_key": key}
        TeamMember.objects.create(name=f"Orla Invented {number}", **said)

    one, thirty = for_one_and_thirty(create, lambda: client.get(address))
    found = re.findall(r"Orla Invented (\d+)", client.get(address).content.decode())
    assert (one, len(set(found))) == (thirty, 30)


def test_consent_lasts_through_its_last_day():
    today = easternmost_today()
    TeamMember.objects.filter(name="Marlee Liss").update(consent_until=today)
    TeamMember.objects.filter(name="Gwenith Kikkawa").update(consent_until=today - timedelta(days=1))
    assert shown() == ["Marlee Liss"]


@pytest.mark.parametrize("address", EVERY_PAGE_WITH_PEOPLE)
def test_a_person_whose_text_is_hidden_is_not_shown(client, address):
    hide_texts(TextBlock.objects.filter(key="people/marlee-liss"), by=admin())
    page = client.get(address).content.decode()
    assert "Marlee" not in page
    assert "Meet our Founder" not in page


@pytest.mark.parametrize("address", EVERY_PAGE_WITH_PEOPLE)
def test_a_person_whose_consent_has_ended_is_not_shown(client, address):
    TeamMember.objects.update(consent_until=timezone.localdate() - timedelta(days=1))
    page = client.get(address).content.decode()
    assert "Marlee" not in page
    assert "Gwenith" not in page


def test_a_photo_needs_a_description():
    with pytest.raises(IntegrityError):
        TeamMember.objects.update(photo=b"a picture")


def test_a_seeded_person_cannot_be_deleted(client):
    signed_in_staff(client)
    person = TeamMember.objects.get(name="Marlee Liss")
    client.post(f"/{settings.ADMIN_PATH}pages/teammember/{person.pk}/delete/", {"post": "yes"})
    assert shown() == ["Marlee Liss", "Gwenith Kikkawa"]


@pytest.fixture
def pictured():
    """The founder, with a photo."""
    person = TeamMember.objects.get(name="Marlee Liss")
    person.photo, person.photo_alt = PICTURE, "Somebody smiles"
    person.save()
    return person


@pytest.mark.parametrize("address", EVERY_PAGE_WITH_PEOPLE)
def test_a_photo_replaces_the_drawing_and_has_alt_text(client, pictured, address):
    (photo,) = Page(client.get(address).content.decode()).all(class_="portrait__photo")
    assert (photo["alt"], photo["src"]) == ("Somebody smiles", f"/people/{pictured.pk}/portrait/")
    answer = client.get(photo["src"])
    assert (answer.content, answer["Content-Type"]) == (PICTURE, "image/webp")
    assert client.get(photo["src"], headers={"If-None-Match": answer["ETag"]}).status_code == 304


def test_the_photo_of_a_hidden_person_is_404(client, pictured):
    hide_texts(TextBlock.objects.filter(key=pictured.text_block_key), by=admin())
    assert client.get(f"/people/{pictured.pk}/portrait/").status_code == 404


def test_seeded_people_have_no_photo(client):
    person = TeamMember.objects.first()
    assert client.get(f"/people/{person.pk}/portrait/").status_code == 404


@pytest.mark.parametrize("prefix", EVERY_LANGUAGE)
@pytest.mark.parametrize("address", EVERY_PAGE_WITH_PEOPLE)
def test_a_person_without_a_text_is_left_out_and_logged(client, caplog, prefix, address):
    person = TeamMember.objects.create(
        name="Orla", role="x", text_block_key="people/no-such-text", is_in_press_kit=True
    )
    answer = client.get(prefix + address)
    page = answer.content.decode()
    assert (answer.status_code, "Orla" in page, "Marlee" in page) == (200, False, True)
    assert f"Team member {person.pk} is left out: no text has the key of their bio." in caplog.messages


def boxes_of(page):
    """Return the bio fields of the form, as a browser submits them."""
    boxes = {box["name"]: box["text"].lstrip("\n") for box in page.all(tag="textarea")}
    return boxes | {box["name"]: box["value"] for box in page.all(type="hidden") if box["name"].startswith("seen_")}


class TestBio:
    """Admins can add a person without a file in git: the form has a field for each language, and no key."""

    @pytest.fixture(autouse=True)
    def _is_signed_in(self, client):
        self.ada = signed_in_staff(client)

    @pytest.fixture
    def orla(self, client):
        blank = boxes_of(Page(client.get(ADD).content.decode()))
        texts = {"bio_en": "I like **herons**.", "bio_es": "# Conoce a Orla\n\nMe gustan las garzas."}
        assert client.post(ADD, {**blank, **ORLA, **texts}).status_code == 302
        return TeamMember.objects.get(name="Orla Invented")

    def send(self, client, person, **more):
        address = reverse("admin:pages_teammember_change", args=[person.pk])
        sent = {**boxes_of(Page(client.get(address).content.decode())), **ORLA, **more}
        return client.post(address, sent)

    def text(self, person, language="en"):
        return TextBlock.objects.get(key=person.text_block_key, language=language).text

    def test_the_form_asks_for_no_key(self, client):
        names = [field.get("name") for field in Page(client.get(ADD).content.decode()).elements]
        assert ("text_block_key" in names, {"bio_en", "bio_fr_ca", "bio_es"} <= set(names)) == (False, True)

    def test_every_label_of_the_form_belongs_to_a_visible_field(self, client):
        page = Page(client.get(ADD).content.decode())
        hidden = {field.get("id") for field in page.all(tag="input", type="hidden")}
        assert [label["for"] for label in page.all(tag="label") if label.get("for") in hidden - {None}] == []

    @pytest.mark.parametrize(
        ("prefix", "heading", "said"),
        [
            ("", "Orla Invented", "<p>I like <strong>herons</strong>.</p>"),
            ("/fr", "Orla Invented", "<p>I like <strong>herons</strong>.</p>"),
            ("/es", "Conoce a Orla", "<p>Me gustan las garzas.</p>"),
        ],
    )
    @pytest.mark.parametrize("address", EVERY_PAGE_WITH_PEOPLE)
    def test_an_added_person_is_on_every_page_in_every_language(self, orla, prefix, address, heading, said):
        page = Client().get(prefix + address).content.decode()
        assert (heading in [words(h2) for h2 in Page(page).all(tag="h2")], said in page) == (True, True)

    def test_a_bio_without_a_heading_gets_the_name(self, orla):
        assert (orla.text_block_key, self.text(orla)) == (
            "people/orla-invented",
            "# Orla Invented\n\nI like **herons**.",
        )

    def test_equal_names_and_names_in_other_scripts_get_unique_keys(self, client, orla):
        for name in ("Orla Invented", "\u4e00\u4e8c"):
            client.post(ADD, {**ORLA, "name": name, "bio_en": "x", "seen_bio_en": digest("")})
        second, other = TeamMember.objects.order_by("-pk").values_list("text_block_key", flat=True)[:2][::-1]
        assert (second, re.sub("[0-9a-f]{8}", "random", other)) == ("people/orla-invented-2", "people/random")

    def test_the_key_of_a_text_without_a_person_is_not_used_again(self, client):
        TextBlock.objects.create(key="people/orla-invented", language="en")
        client.post(ADD, {**ORLA, "bio_en": "x", "seen_bio_en": digest("")})
        assert TeamMember.objects.latest("pk").text_block_key == "people/orla-invented-2"

    def test_an_english_bio_is_required(self, client):
        answer = client.post(ADD, {**ORLA, "bio_en": "", "seen_bio_en": digest("")})
        assert "Enter a bio in English." in answer.content.decode()
        assert TeamMember.objects.filter(name="Orla Invented").count() == 0

    def test_a_changed_bio_keeps_its_earlier_text(self, client, orla):
        assert self.send(client, orla, bio_en="# Orla\n\nI like reeds.").status_code == 302
        assert self.text(orla) == "# Orla\n\nI like reeds."
        earlier = TextBlockRevision.objects.filter(text_block__key=orla.text_block_key).first()
        assert (earlier.text, earlier.replaced_by) == ("# Orla Invented\n\nI like **herons**.", self.ada)

    def test_saving_without_a_change_stores_no_text(self, client, orla):
        before = TextBlockRevision.objects.count()
        assert self.send(client, orla, role="Heron").status_code == 302
        assert (TextBlockRevision.objects.count(), TeamMember.objects.get(pk=orla.pk).role) == (before, "Heron")

    def test_the_second_of_two_editors_sees_the_conflict_and_decides(self, client, orla):
        address = reverse("admin:pages_teammember_change", args=[orla.pk])
        opened = boxes_of(Page(client.get(address).content.decode()))
        rewrite_text(TextBlock.objects.get(key=orla.text_block_key, language="en"), "# Theirs", by=None)
        answer = client.post(address, {**opened, **ORLA, "bio_en": "# Mine"})
        assert ("while you were writing" in answer.content.decode(), self.text(orla)) == (True, "# Theirs")
        client.post(address, {**boxes_of(Page(answer.content.decode())), **ORLA})
        assert self.text(orla) == "# Mine"

    def test_an_unchanged_field_does_not_overwrite_another_edit(self, client, orla):
        address = reverse("admin:pages_teammember_change", args=[orla.pk])
        opened = boxes_of(Page(client.get(address).content.decode()))
        rewrite_text(TextBlock.objects.get(key=orla.text_block_key, language="en"), "# Theirs", by=None)
        assert client.post(address, {**opened, **ORLA}).status_code == 302
        assert self.text(orla) == "# Theirs"

    def test_an_empty_field_restores_the_seeded_bio(self, client):
        marlee = TeamMember.objects.get(name="Marlee Liss")
        self.send(client, marlee, bio_en="# Another")
        assert self.text(marlee) == "# Another"
        assert self.send(client, marlee, bio_en="").status_code == 302
        assert TextBlock.objects.get(key=marlee.text_block_key, language="en").edit == ""

    def test_a_bio_is_validated_like_any_text(self, client, orla):
        answer = self.send(client, orla, bio_en="Hello {name}")
        assert "Words in curly brackets" in answer.content.decode()

    def test_a_hidden_person_stays_hidden_when_a_translation_is_added(self, client, orla):
        hide_texts(TextBlock.objects.filter(key=orla.text_block_key), by=self.ada)
        self.send(client, orla, bio_fr_ca="Les hérons.")
        assert "Orla" not in shown()
        assert TextBlock.objects.get(key=orla.text_block_key, language="fr-ca").is_hidden is True

    def test_a_person_whose_key_is_that_of_a_page_gets_their_own_text(self, client):
        person = TeamMember.objects.create(name="Orla Invented", role="x", text_block_key="our-why")
        self.send(client, person, bio_en="Herons.")
        person.refresh_from_db()
        assert (person.text_block_key, TextBlock.objects.get(key="our-why", language="en").edit) == (
            "people/orla-invented",
            "",
        )

    def test_deleting_a_person_deletes_their_texts(self, client, orla):
        client.post(reverse("admin:pages_teammember_delete", args=[orla.pk]), {"post": "yes"})
        left = (
            TextBlock.objects.filter(key=orla.text_block_key),
            TextBlockRevision.objects.filter(text__contains="heron"),
        )
        assert [found.count() for found in left] == [0, 0]
        assert client.get("/people/").status_code == 200


class TestAdmin:
    @pytest.fixture(autouse=True)
    def _is_signed_in(self, client):
        signed_in_staff(client)

    def send(self, client, person, **more):
        kept = {
            "name": person.name,
            "role": person.role,
            "text_block_key": person.text_block_key,
            "order": person.order,
        }
        return client.post(reverse("admin:pages_teammember_change", args=[person.pk]), {**kept, **more})

    def test_a_photo_is_resized_and_saved_with_its_description(self, client):
        person = TeamMember.objects.first()
        photo = SimpleUploadedFile("photo.jpg", cast.photograph())
        self.send(client, person, new_photo=photo, photo_alt="Somebody smiles")
        person.refresh_from_db()
        assert (bytes(person.photo)[:4], person.photo_alt) == (b"RIFF", "Somebody smiles")
        assert len(person.photo) <= MOST_BYTES

    def test_an_uploaded_photo_needs_a_description(self, client):
        person = TeamMember.objects.first()
        answer = self.send(client, person, new_photo=SimpleUploadedFile("photo.jpg", cast.photograph()))
        assert "what the photo shows" in answer.content.decode()
        person.refresh_from_db()
        assert person.photo is None

    def test_a_photo_stays_until_it_is_removed(self, client, pictured):
        self.send(client, pictured, photo_alt=pictured.photo_alt)
        assert TeamMember.objects.get(pk=pictured.pk).photo == PICTURE
        self.send(client, pictured, photo_alt=pictured.photo_alt, remove_photo="on")
        assert TeamMember.objects.get(pk=pictured.pk).photo is None
