"""The profile page: representatives write and preview their profile, and only they decide whether it is public."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from chapters.models import Representative
from chapters.representatives.profile import ProfileForm
from tests.chapters import cast
from tests.chapters.representatives import people

pytestmark = pytest.mark.django_db
BLANK = {"display_name": "", "pronouns": "", "words": "", "languages": "", "confirmed_on": None, "shows_region": False}
DISGUISED = ["orla@localhost", "orla\uff20mailbox.example", "orla&#64;mailbox.example"]
SAID = {
    "display_name": "Orla of the lake",
    "words": "Ask me anything.",
    "takes_messages": "on",
    "language": "en",
    "action": "save",
}


@pytest.fixture
def blank(client):
    """A new term with an empty, hidden profile."""
    return people.signed_in_representative(client, **BLANK)


@pytest.fixture
def shown(client):
    """A term with a public profile."""
    return people.signed_in_representative(client)


def now(term):
    return Representative.objects.get(pk=term.pk)


def write(client, term, **said):
    return client.post(reverse("representative_profile_change", args=[term.pk]), {**SAID, **said})


def press(client, term, word):
    return client.post(reverse(f"representative_profile_{word}", args=[term.pk]))


def public():
    return list(Representative.objects.public().values_list("display_name", flat=True))


def photograph():
    return SimpleUploadedFile("holiday.jpg", cast.photograph(), content_type="image/jpeg")


class TestWriting:
    def test_a_saved_profile_stays_hidden(self, client, blank):
        assert write(client, blank).url == reverse("representative_profile", args=[blank.pk])
        assert (now(blank).display_name, now(blank).words, public()) == ("Orla of the lake", "Ask me anything.", [])

    def test_a_profile_is_found_without_its_accents(self, client, shown):
        write(client, shown, display_name="Inés", languages="Français")
        assert [Representative.objects.saying([word]).count() for word in ("ines", "FRANCAIS", "orla")] == [1, 1, 0]

    def test_emails_are_in_the_chosen_language(self, client, shown):
        write(client, shown, language="fr-ca")
        assert now(shown).language == "fr-ca"

    def test_an_edit_of_a_public_profile_is_public(self, client, shown):
        write(client, shown)
        assert public() == ["Orla of the lake"]

    def test_a_preview_saves_nothing(self, client, shown):
        page = write(client, shown, action="preview").content.decode()
        assert ("Orla of the lake" in page, now(shown).display_name) == (True, "Orla Invented")

    def test_only_the_name_is_required(self, client, shown):
        answer = write(client, shown, display_name="")
        assert (answer.status_code, list(answer.context["form"].errors)) == (200, ["display_name"])

    @pytest.mark.parametrize("field", ["display_name", "pronouns", "words", "languages", "ties", "photo_alt"])
    @pytest.mark.parametrize(
        "text", ["write to orla.invented@mailbox.example", "mailto:orla", "Orla@Mailbox.Example.", *DISGUISED]
    )
    def test_an_address_never_becomes_public(self, client, shown, field, text):
        answer = write(client, shown, **{field: text})
        assert list(answer.context["form"].errors) == [field]
        assert getattr(now(shown), field) == getattr(shown, field)

    def test_bidi_controls_are_removed(self, client, blank):
        write(client, blank, display_name="Or\u202ela\n of the lake")
        assert now(blank).display_name == "Orla  of the lake"

    def test_an_invisible_name_is_refused(self, client, blank):
        assert list(write(client, blank, display_name="\u3164\u200b").context["form"].errors) == ["display_name"]


class TestPhotograph:
    def test_it_is_saved_with_its_description(self, client, blank):
        write(client, blank, photo=photograph(), photo_alt="Orla by the lake")
        profile = now(blank)
        assert (bytes(profile.photo)[8:12], len(profile.photo) <= 60_000, profile.photo_alt) == (
            b"WEBP",
            True,
            "Orla by the lake",
        )

    def test_the_description_is_required(self, client, blank):
        answer = write(client, blank, photo=photograph())
        assert (list(answer.context["form"].errors), now(blank).photo) == (["photo_alt"], None)

    def test_a_file_that_is_not_a_picture_gets_a_kind_error(self, client, blank):
        strange = SimpleUploadedFile("x.jpg", b"not a picture", content_type="image/jpeg")
        assert list(write(client, blank, photo=strange, photo_alt="x").context["form"].errors) == ["photo"]

    def test_it_stays_when_the_text_changes(self, client, blank):
        write(client, blank, photo=photograph(), photo_alt="Orla by the lake")
        before = bytes(now(blank).photo)
        write(client, blank, photo_alt="Orla by the sea")
        assert (bytes(now(blank).photo), now(blank).photo_alt) == (before, "Orla by the sea")

    def test_a_checkbox_removes_it(self, client, blank):
        write(client, blank, photo=photograph(), photo_alt="Orla by the lake")
        write(client, blank, photo_alt="Orla by the lake", remove_photo="on")
        assert (now(blank).photo, now(blank).photo_alt) == (None, "")

    def test_a_description_without_a_photo_is_not_saved(self, client, blank):
        write(client, blank, photo_alt="nothing")
        assert now(blank).photo_alt == ""

    def test_another_window_removed_it_meanwhile(self, client, blank):
        write(client, blank, photo=photograph(), photo_alt="Orla by the lake")
        form = ProfileForm({**SAID, "photo_alt": "Orla by the sea"}, term=now(blank))
        Representative.objects.filter(pk=blank.pk).update(photo=None, photo_alt="")
        assert form.is_valid()
        form.save()
        assert now(blank).photo_alt == ""


class TestVisibility:
    def test_one_action_shows_it_and_one_hides_it(self, client, shown):
        press(client, shown, "hide")
        assert public() == []
        press(client, shown, "show")
        assert (public(), now(shown).confirmed_on) == (["Orla Invented"], cast.today())

    def test_an_empty_profile_cannot_be_shown(self, client, blank):
        press(client, blank, "show")
        assert public() == []

    def test_the_page_warns_before_it_hides_and_a_renewal_keeps_it(self, client):
        term = people.signed_in_representative(client, confirmed_on=cast.today() - timedelta(days=95))
        desk = reverse("representative_term", args=[term.pk])
        assert "keep showing it" in client.get(desk).content.decode()
        press(client, term, "show")
        assert "keep showing it" not in client.get(desk).content.decode()

    def test_a_renewal_shows_a_profile_that_expired(self, client):
        term = people.signed_in_representative(client, **cast.hidden_since_yesterday())
        desk = client.get(reverse("representative_term", args=[term.pk])).content.decode()
        assert "Select the button to bring it back." in desk
        press(client, term, "show")
        assert public() == ["Orla Invented"]


class TestHiddenRegion:
    WARNING = "People who search for Ontario don’t find you."

    def pages(self, client, term):
        names = ("representative_profile", "representative_term")
        return [self.WARNING in client.get(reverse(name, args=[term.pk])).content.decode() for name in names]

    def test_a_profile_without_its_province_warns_that_the_search_leaves_it_out(self, client):
        term = people.signed_in_representative(client, shows_region=False)
        assert self.pages(client, term) == [True, True]
        assert self.WARNING in write(client, term, action="preview").content.decode()

    def test_a_profile_with_its_province_has_no_warning(self, client, shown):
        assert self.pages(client, shown) == [False, False]
        assert self.WARNING not in write(client, shown, action="preview", shows_region="on").content.decode()

    def test_a_whole_country_is_found_anyway(self, client):
        term = people.signed_in_representative(client, place="FR", country="FR", region="FR", shows_region=False)
        assert not term.is_hidden_from_search

    def test_a_chapter_of_a_province_is_left_out_too(self):
        assert cast.of_chapter(cast.chapter(), shows_region=False).is_hidden_from_search
