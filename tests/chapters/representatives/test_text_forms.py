"""Texts of representatives about their place or chapter: public, sanitized, and without email addresses."""

import pytest
from django.template import Context, Template
from django.urls import reverse
from django.utils.translation import override

from chapters.models import Chapter
from s4jr.audit.models import AccessLog
from s4jr.content.models import TextBlock
from s4jr.content.services import hide_texts
from tests import make
from tests.chapters import cast
from tests.chapters.representatives import people

pytestmark = pytest.mark.django_db
EVIL = "<script>alert(1)</script> [press](javascript:alert) <img src=x onerror=alert(1)>"


def address(term):
    return reverse("representative_text", args=[term.pk])


def save(client, term, **said):
    seen = client.get(address(term)).context["form"]["seen"].value()
    return client.post(address(term), {"seen": seen, "action": "save", **said})


def read(place="CA-ON", language="en"):
    with override(language):
        return Template("{% load place_text %}{% place_text place %}").render(Context({"place": place}))


@pytest.fixture
def of_ontario(client):
    return people.signed_in_representative(client)


@pytest.fixture
def of_the_chapter(client):
    user = people.somebody()
    term = cast.of_chapter(cast.chapter(), user=user)
    people.sign_in(client, user)
    return term


class TestPlaceText:
    def test_it_is_public_on_the_page_of_the_place(self, client, of_ontario):
        save(client, of_ontario, words="We meet by **the lake**.")
        assert (read(), read("CA-QC"), read(language="es")) == (
            "<p>We meet by <strong>the lake</strong>.</p>\n",
            "",
            "",
        )

    def test_it_cannot_run_scripts(self, client, of_ontario):
        save(client, of_ontario, words=EVIL)
        assert [word for word in ("<script", "<img", 'href="javascript') if word in read()] == []

    def test_a_preview_saves_nothing(self, client, of_ontario):
        page = save(client, of_ontario, words="*slowly*", action="preview").content.decode()
        assert ("<em>slowly</em>" in page, read()) == (True, "")

    def test_an_address_is_refused(self, client, of_ontario):
        answer = save(client, of_ontario, words=f"Write to {cast.ADDRESS}")
        assert (list(answer.context["form"].errors), read()) == (["words"], "")

    @pytest.mark.parametrize(
        "text",
        [
            "[write](&#109;ailto:jane&#64;example.org) jane&#64;example.org",
            "[w](mailto&colon;jane)",
            "jane&commat;example.org",
            "jane@localhost",
            "jane\uff20example.org",
            "jane\u200b@\u200bexample.org",
            "jane@**example**.org",
            "[jane](https://example.org)@example.org",
        ],
    )
    def test_an_address_is_refused_in_any_encoding(self, client, of_ontario, text):
        answer = save(client, of_ontario, words=text)
        assert (list(answer.context["form"].errors), read()) == (["words"], "")

    def test_an_account_on_another_site_is_not_an_address(self, client, of_ontario):
        save(client, of_ontario, words="[us](https://social.example/@lake)")
        assert 'href="https://social.example/@lake"' in read()

    def test_an_empty_text_is_deleted(self, client, of_ontario):
        save(client, of_ontario, words="We meet by the lake.")
        save(client, of_ontario, words="")
        assert read() == ""

    def test_a_text_that_an_admin_hid_stays_hidden_and_the_page_says_so(self, client, of_ontario):
        save(client, of_ontario, words="We meet by the lake.")
        hide_texts(TextBlock.objects.filter(key="places/CA-ON"), by=None)
        page = client.get(address(of_ontario)).content.decode()
        assert (read(), "An admin has hidden this text from the site." in page) == ("", True)

    def test_earlier_texts_are_kept_for_admins(self, client, of_ontario):
        save(client, of_ontario, words="First.")
        save(client, of_ontario, words="Second.")
        text_block = TextBlock.objects.get(key="places/CA-ON")
        assert ["First." in one.text for one in text_block.revisions.all()] == [True, False]
        assert text_block.updated_by == of_ontario.user

    def test_no_other_page_shows_it(self, client, of_ontario):
        save(client, of_ontario, words="We meet by the lake.")
        assert TextBlock.objects.differing_from_files().count() == 0

    def test_an_admin_can_preview_and_save_a_change(self, client, of_ontario):
        save(client, of_ontario, words="We meet by the lake.")
        client.logout()
        make.signed_in_staff(client)
        address = "/words/places/CA-ON/?language=en"
        seen = client.get(address).context["form"]["seen"].value()
        said = {"text": "# Ontario\n\nWe meet by the sea.", "seen": seen}
        assert "We meet by the sea." in client.post(address, {**said, "action": "preview"}).content.decode()
        client.post(address, {**said, "action": "save"})
        assert read() == "<p>We meet by the sea.</p>\n"

    def test_the_second_of_two_editors_sees_the_conflict(self, client, of_ontario):
        seen = client.get(address(of_ontario)).context["form"]["seen"].value()
        save(client, of_ontario, words="First.")
        late = client.post(address(of_ontario), {"seen": seen, "words": "Second.", "action": "save"})
        assert ("Someone changed this text" in late.content.decode(), "First." in read()) == (True, True)


class TestChapterText:
    def test_the_chapter_page_shows_it(self, client, of_the_chapter):
        save(client, of_the_chapter, words="A circle.", area="Toronto", rhythm="each month", how_to_join="Write to us.")
        chapter = Chapter.objects.get()
        said = (chapter.words, chapter.area, chapter.rhythm, chapter.how_to_join)
        assert said == ("A circle.", "Toronto", "each month", "Write to us.")

    def test_the_log_records_who_changed_which_fields(self, client, of_the_chapter):
        save(client, of_the_chapter, words="A circle.", area="Toronto")
        entry = AccessLog.objects.filter(object_kind="chapters.chapter").get()
        assert (entry.who, entry.field_names) == ("orla", "words area")

    def test_an_address_is_refused(self, client, of_the_chapter):
        answer = save(client, of_the_chapter, how_to_join=f"[us](mailto:{cast.ADDRESS})")
        assert (list(answer.context["form"].errors), Chapter.objects.get().how_to_join) == (["how_to_join"], "")

    def test_representatives_cannot_change_its_name_slug_or_status(self, client, of_the_chapter):
        save(client, of_the_chapter, words="A circle.", name="Mine", slug="mine", status="resting")
        assert Chapter.objects.filter(name="Lakeside circle", slug="lakeside", status="open").count() == 1
