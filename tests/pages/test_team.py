import re
from datetime import date, timedelta
from io import BytesIO

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from pages.models import TeamMember
from pages.services import show_person_again, take_down
from pages.team import shown_in_words
from s4jr.audit.models import AccessLog
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
#: The EXIF tag of the maker of a camera.
TAG_OF_MAKER = 0x010F
EVERY_PAGE_WITH_PEOPLE = ["/", "/people/", "/press/"]
EVERY_LANGUAGE = ["", "/fr", "/es"]
ADD = f"/{settings.ADMIN_PATH}pages/teammember/add/"
ORLA = {"name": "Orla Invented", "role": "Gardener", "order": 3, "is_on_site": "on", "is_in_press_kit": "on"}
LIST = f"/{settings.ADMIN_PATH}pages/teammember/"


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
        said = {"role": "Gardener", "order": number, "text_block_key": key, "is_on_site": True, "is_in_press_kit": True}
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
        name="Orla", role="x", text_block_key="people/no-such-text", is_on_site=True, is_in_press_kit=True
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
            "is_on_site": "on",
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

    def test_a_photo_is_stored_without_what_the_camera_wrote_into_it(self, client):
        exif = Image.Exif()
        exif[TAG_OF_MAKER] = "Plainly invented camera"
        photo = cast.photograph(exif=exif)
        assert b"Plainly invented camera" in photo
        person = TeamMember.objects.first()
        self.send(client, person, new_photo=SimpleUploadedFile("photo.jpg", photo), photo_alt="Somebody smiles")
        stored = bytes(TeamMember.objects.get(pk=person.pk).photo)
        assert (dict(Image.open(BytesIO(stored)).getexif()), b"invented" in stored) == ({}, False)

    def test_an_error_keeps_what_was_typed_and_asks_for_the_photo_again(self, client):
        person = TeamMember.objects.first()
        photo = SimpleUploadedFile("photo.jpg", cast.photograph())
        answer = self.send(client, person, role="Heron keeper", new_photo=photo, photo_alt="Somebody smiles", name="")
        page = Page(answer.content.decode())
        typed = [page.one(id=f"id_{name}")["value"] for name in ("role", "photo_alt")]
        assert (typed, "Your photo is not saved yet. Choose the file again." in answer.content.decode()) == (
            ["Heron keeper", "Somebody smiles"], True,
        )  # fmt: skip

    def test_admins_see_the_photo_of_someone_who_is_not_shown(self, client, pictured):
        TeamMember.objects.update(is_on_site=False, is_in_press_kit=False)
        address = f"{LIST}{pictured.pk}/photo/"
        page = Page(client.get(f"{LIST}{pictured.pk}/change/").content.decode())
        assert [image["alt"] for image in page.all(tag="img", src=address)] == ["Somebody smiles"]
        assert client.get(address).content == PICTURE
        assert Client().get(address).status_code == 302

    def test_the_message_after_a_save_says_who_and_where(self, client):
        person = TeamMember.objects.get(name="Marlee Liss")
        said = self.send(client, person, is_in_press_kit="on").headers["Location"]
        assert "Marlee Liss is saved. On this site and the media page. No email was sent." in (
            client.get(said).content.decode()
        )


class TestPermissions:
    """The site and the media page are two permissions; both end on the same day."""

    @pytest.mark.parametrize(
        ("on_site", "in_press_kit", "pages"),
        [
            (True, True, ["/", "/people/", "/press/"]),
            (True, False, ["/", "/people/"]),
            (False, True, ["/press/"]),
            (False, False, []),
        ],
    )
    def test_each_page_shows_only_who_agreed_to_it(self, client, on_site, in_press_kit, pages):
        TeamMember.objects.update(is_on_site=on_site, is_in_press_kit=in_press_kit)
        assert [page for page in EVERY_PAGE_WITH_PEOPLE if "Marlee" in client.get(page).content.decode()] == pages

    def test_nobody_has_agreed_until_someone_says_so(self):
        person = TeamMember.objects.create(name="Orla Invented", role="x", text_block_key="people/orla")
        assert (person.is_on_site, person.is_in_press_kit) == (False, False)

    def test_a_photo_is_shown_with_either_permission_and_with_none_it_is_404(self, client, pictured):
        address, statuses = f"/people/{pictured.pk}/portrait/", []
        for on_site, in_press_kit in ((True, False), (False, True), (False, False)):
            TeamMember.objects.update(is_on_site=on_site, is_in_press_kit=in_press_kit)
            statuses.append(client.get(address).status_code)
        assert statuses == [200, 200, 404]

    @pytest.mark.parametrize(
        ("fields", "words_of_list"),
        [
            ({}, "On this site and the media page"),
            ({"is_in_press_kit": False}, "On this site"),
            ({"is_on_site": False}, "On the media page"),
            ({"is_on_site": False, "is_in_press_kit": False}, "Not shown: no permission yet"),
            ({"consent_until": date(2026, 3, 12)}, "On this site and the media page until March 12, 2026"),
            ({"consent_until": date(2026, 3, 11)}, "Not shown: their permission ended on March 11, 2026"),
        ],
    )
    def test_the_list_says_where_each_is_shown_or_why_not(self, fields, words_of_list):
        TeamMember.objects.filter(name="Marlee Liss").update(**fields)
        person = TeamMember.objects.with_state().get(name="Marlee Liss")
        assert shown_in_words(person, date(2026, 3, 12)) == words_of_list

    def test_a_permission_taken_back_while_someone_else_edits_is_not_given_back_unseen(self, client):
        signed_in_staff(client)
        person = TeamMember.objects.get(name="Marlee Liss")
        opened = Page(client.get(f"{LIST}{person.pk}/change/").content.decode()).one(name="row_version")["value"]
        TeamMember.objects.filter(pk=person.pk).update(is_in_press_kit=False)
        sent = {"name": person.name, "role": person.role, "order": 1, "is_on_site": "on", "is_in_press_kit": "on"}
        late = client.post(f"{LIST}{person.pk}/change/", {**sent, "row_version": opened}).content.decode()
        assert "Saved now as “On the media page”: No" in late
        assert TeamMember.objects.get(pk=person.pk).is_in_press_kit is False


class TestTakeDown:
    @pytest.fixture(autouse=True)
    def _is_signed_in(self, client):
        self.ada = signed_in_staff(client)

    @pytest.fixture
    def marlee(self):
        return TeamMember.objects.get(name="Marlee Liss")

    def press(self, client, person, button):
        """Press the button of a person in the list."""
        buttons = Page(client.get(LIST).content.decode()).all(tag="button")
        [found] = [each for each in buttons if each.get("aria-label") == f"{button} {person.name}"]
        return client.post(found["formaction"], follow=True).content.decode()

    def test_one_press_takes_a_person_off_every_page_in_every_language(self, client, pictured):
        said = self.press(client, pictured, "Take down")
        assert "Marlee Liss is no longer shown on any page. No email was sent." in said
        pages = [f"{prefix}{page}" for prefix in EVERY_LANGUAGE for page in EVERY_PAGE_WITH_PEOPLE]
        assert [page for page in pages if "Marlee" in Client().get(page).content.decode()] == []
        assert Client().get(f"/people/{pictured.pk}/portrait/").status_code == 404

    def test_one_press_undoes_it(self, client, marlee):
        self.press(client, marlee, "Take down")
        page = client.get(LIST).content.decode()
        assert "Not shown: taken down" in page
        [button] = [b for b in Page(page).all(tag="button") if b.get("aria-label") == "Show again: Marlee Liss"]
        said = client.post(button["formaction"], follow=True).content.decode()
        assert "Marlee Liss is no longer taken down. On this site and the media page." in said
        assert "Marlee" in Client().get("/people/").content.decode()

    def test_showing_again_gives_no_permission(self, client, marlee):
        take_down(marlee, by=self.ada)
        TeamMember.objects.update(is_on_site=False, is_in_press_kit=False)
        client.post(f"{LIST}{marlee.pk}/show-again/")
        assert "Marlee" not in Client().get("/people/").content.decode()

    @pytest.mark.parametrize("step", ["take-down", "show-again"])
    def test_it_takes_a_post(self, client, marlee, step):
        assert client.get(f"{LIST}{marlee.pk}/{step}/").status_code == 405
        assert shown() == ["Marlee Liss", "Gwenith Kikkawa"]

    @pytest.mark.parametrize("step", ["take-down", "show-again"])
    def test_it_takes_the_permission_to_change_the_team(self, client, marlee, step):
        bo = Client()
        signed_in_staff(bo, "bo", superuser=False)
        assert bo.post(f"{LIST}{marlee.pk}/{step}/").status_code == 403
        assert bo.get(f"{LIST}{marlee.pk}/photo/").status_code == 403
        assert shown() == ["Marlee Liss", "Gwenith Kikkawa"]

    def test_a_save_does_not_show_them_again(self, client, marlee):
        take_down(marlee, by=self.ada)
        sent = {"name": marlee.name, "role": "Founder", "order": 1, "is_on_site": "on", "is_in_press_kit": "on"}
        client.post(f"{LIST}{marlee.pk}/change/", sent)
        assert shown() == ["Gwenith Kikkawa"]

    @pytest.mark.parametrize("key", ["people/no-text-yet", "our-why"])
    def test_a_person_without_a_text_of_their_own_is_taken_down_too(self, client, key):
        orla = TeamMember.objects.create(name="Orla Invented", role="x", text_block_key=key, is_on_site=True)
        assert take_down(orla, by=self.ada) is True
        assert ("Orla Invented" in shown(), TextBlock.objects.filter(key="our-why").hidden().count()) == (False, 0)

    def test_of_two_admins_at_once_the_second_is_told(self, client, marlee):
        assert [take_down(marlee, by=self.ada), take_down(marlee, by=self.ada)] == [True, False]
        said = client.post(f"{LIST}{marlee.pk}/take-down/", follow=True).content.decode()
        assert "Nothing changed: Marlee Liss is already taken down." in said
        assert [show_person_again(marlee, by=self.ada), show_person_again(marlee, by=self.ada)] == [True, False]
        said = client.post(f"{LIST}{marlee.pk}/show-again/", follow=True).content.decode()
        assert "Nothing changed: Marlee Liss is not taken down." in said

    def test_it_is_in_the_access_log(self, client, marlee):
        client.post(f"{LIST}{marlee.pk}/take-down/")
        [row] = AccessLog.objects.filter(object_kind="pages.teammember")
        assert (row.who, row.action, row.object_id, row.field_names) == (
            "ada", "changed", str(marlee.pk), "text_block_key",
        )  # fmt: skip


def test_a_form_for_a_new_person_sent_twice_shows_them_once_and_leads_to_the_first_result(client):
    signed_in_staff(client)
    token = Page(client.get(ADD).content.decode()).one(name="page_token")["value"]
    said = {**ORLA, "bio_en": "# Orla\n\nShe plants.", "seen_bio_en": digest(""), "page_token": token}
    answers = [client.post(ADD, {**said, "name": name}, follow=True) for name in ("Orla Invented", "Orla Imagined")]
    assert ["Orla Invented is saved." in answer.content.decode() for answer in answers] == [True, True]
    assert (shown()[-1], len(shown())) == ("Orla Invented", 3)
