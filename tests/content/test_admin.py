import pytest
from django.conf import settings
from django.contrib.auth.models import Permission

from s4jr.content import catalog
from s4jr.content.files import all_files
from s4jr.content.models import PLACES, TextBlock
from s4jr.content.services import hide_texts, rewrite_text
from tests.chapters.cast import person
from tests.make import signed_in_staff
from tests.query_counts import for_one_and_thirty
from tests.reading import Page, words

pytestmark = pytest.mark.django_db

LIST = f"/{settings.ADMIN_PATH}content/textblock/"
EMAILS, ABOUT_PLACES = f"{LIST}emails/", f"{LIST}places/"


@pytest.fixture
def ada(client):
    return signed_in_staff(client)


def row(key, language="en"):
    return TextBlock.objects.get(key=key, language=language)


def lines(client, address=LIST, **query):
    """Return the keys of the texts that the list shows, by group."""
    groups = client.get(address, query).context["groups"]
    return {group.name: [line.key for line in group.lines] for group in groups}


def keys(client, address=LIST, **query):
    return [key for group in lines(client, address, **query).values() for key in group]


def states(client, key, **query):
    """Return what the list says about each language of a text."""
    [line] = [line for group in client.get(LIST, query).context["groups"] for line in group.lines if line.key == key]
    return [cell.state for cell in line.cells]


class TestPageTexts:
    def test_they_are_grouped_by_page_in_the_order_of_the_page(self, client, ada):
        groups = lines(client)
        assert groups["Home page"][:3] == ["who-we-are", "what-we-do", "our-why"]
        assert (groups["What we do"], groups["Privacy"]) == (["four-methods"], ["privacy", "privacy-details"])
        assert groups["Team"] == ["people/gwenith-kikkawa", "people/marlee-liss"]

    def test_each_file_is_on_one_list_once_and_on_a_page(self, client, ada):
        of_files = sorted({key for key, _language in all_files()})
        assert sorted([*keys(client), *keys(client, EMAILS)]) == of_files
        assert "Not on any page" not in lines(client)

    def test_a_line_shows_the_title_and_links_to_each_place(self, client, ada):
        page = client.get(LIST, {"q": "harms are rooted in systems"}).content.decode()
        [line] = Page(page).all(tag="th", scope="row")
        assert words(line) == "Our Why: See it on “Home page” See it on “Why we do this”"
        assert 'href="/#text-block-our-why"' in page
        assert 'href="/why/#text-block-our-why"' in page

    @pytest.mark.parametrize("page", [page for page in catalog.pages() if page.address], ids=lambda page: page.keys[0])
    def test_each_text_stands_where_the_list_says(self, client, ada, page):
        """Some texts show only once they are written, or once there is a representative; their link is still right."""
        shown = client.get(page.address()).content.decode()
        empty = {"land-acknowledgement", "our-representatives", "justice", "join-the-coalition", "how-we-decide"}
        anchors = {f"text-block-{key}" for key in page.keys if key not in empty}
        assert anchors - {element.get("id") for element in Page(shown).elements} == set()

    def test_the_languages_are_side_by_side_each_with_a_link_to_edit(self, client, ada):
        page = Page(client.get(LIST, {"q": "our-why-gently"}).content.decode())
        edits = [(link["aria-label"], link["href"]) for link in page.all(tag="a") if words(link) == "Edit"]
        assert edits == [
            (
                f"Edit “Why we do this, without the details”, {name}",
                f"/words/our-why-gently/?language={code}&back={LIST}",
            )
            for code, name in settings.LANGUAGES
        ]

    def test_a_missing_translation_says_what_readers_see(self, client, ada):
        page = client.get(LIST, {"q": "land-acknowledgement"}).content.decode()
        assert page.count("Shows the English text") == 2

    def test_the_state_is_in_words(self, client, ada):
        assert states(client, "our-why") == ["Original", "Draft, not confirmed yet", "Draft, not confirmed yet"]
        rewrite_text(row("our-why"), "# Edited", by=ada)
        TextBlock.objects.filter(key="our-why", language="en").update(edited_from="an older file")
        day = row("our-why").updated_at
        assert states(client, "our-why")[0] == (
            f"Outdated: the original changed. Edited on {day:%B} {day.day}, {day.year} by ada"
        )

    def test_a_hidden_text_says_so(self, client, ada):
        hide_texts(TextBlock.objects.filter(key="press"), by=ada)
        [line] = Page(client.get(LIST, {"state": "hidden"}).content.decode()).all(tag="th", scope="row")
        assert "Hidden from the site" in words(line)

    def test_the_list_filters_edited_outdated_draft_and_hidden_texts(self, client, ada):
        rewrite_text(row("our-why"), "# Edited", by=ada)
        rewrite_text(row("pathway"), "# Edited", by=ada)
        TextBlock.objects.filter(key="pathway").update(edited_from="an older file")
        hide_texts(TextBlock.objects.filter(key="press"), by=ada)
        assert keys(client, state="edited") == ["our-why", "pathway"]
        assert keys(client, state="outdated") == ["pathway"]
        assert keys(client, state="hidden") == ["press"]
        assert {"agreement", "land-acknowledgement"} & {*keys(client, state="draft")} == {"agreement"}

    def test_each_filter_says_how_many_texts_it_finds(self, client, ada):
        rewrite_text(row("our-why"), "# Edited", by=ada)
        rewrite_text(row("emails/welcome"), "# Hello", by=ada)
        page = Page(client.get(LIST, {"state": "edited"}).content.decode())
        tabs = [words(link) for link in page.all(tag="a") if "(1)" in words(link)]
        assert tabs == ["Page text (1)", "Email text (1)", "Edited (1)"]

    def test_a_search_finds_the_words_of_any_language(self, client, ada):
        rewrite_text(row("our-why", "es"), "# Por qué\n\nUna garza.", by=ada)
        assert keys(client, q="GARZA") == ["our-why"]
        assert "No text matches." in client.get(LIST, {"q": "no such words"}).content.decode()

    @pytest.mark.parametrize("query", ["edit__startswith=x", "state=everything", "key=our-why"])
    @pytest.mark.parametrize("address", [LIST, EMAILS, ABOUT_PLACES])
    def test_it_answers_no_other_question(self, client, ada, address, query):
        assert client.get(f"{address}?{query}").status_code == 400


class TestEmailTexts:
    def test_they_have_plain_names_and_a_list_of_their_own(self, client, ada):
        titles = [words(title) for title in Page(client.get(EMAILS).content.decode()).all(class_="website__title")]
        assert [title for title in titles if "Welcome" in title] == ["Welcome email", "Welcome email, discreet"]
        assert [key for key in keys(client) if key.startswith("emails/")] == []

    def test_every_email_has_a_plain_name_of_its_own(self):
        emails = sorted({key for key, _language in all_files() if catalog.is_email(key)})
        names = [catalog.email_name(key) for key in emails]
        assert [key for key, name in zip(emails, names, strict=True) if not name] == []
        assert len(names) == len(set(names)) >= 70

    def test_emails_to_admins_are_apart(self, client, ada):
        groups = lines(client, EMAILS)
        assert "emails/admin-digest" in groups["Emails to admins"]
        assert "emails/admin-digest" not in groups["Emails to people"]


def test_a_text_about_a_place_is_on_the_third_list_and_links_there(client, ada):
    TextBlock.objects.create(key=f"{PLACES}CA-ON", language="en", edit="# Ontario\n\nWe meet by the lake.")
    page = client.get(ABOUT_PLACES).content.decode()
    assert keys(client, ABOUT_PLACES) == [f"{PLACES}CA-ON"]
    assert 'href="/representatives/?place=CA-ON"' in page
    assert f"{PLACES}CA-ON" not in keys(client)


def test_texts_cannot_be_added_deleted_or_changed_here(client, ada):
    bio = row("our-why")
    assert client.get(f"{LIST}add/").status_code == 403
    assert client.post(f"{LIST}{bio.pk}/delete/", {"post": "yes"}).status_code == 403
    client.post(f"{LIST}{bio.pk}/change/", {"edit": "# Changed", "is_hidden": "on"})
    assert (row("our-why").edit, row("our-why").is_hidden) == ("", False)


def test_posting_to_a_list_changes_nothing(client, ada):
    client.post(LIST, {"action": "hide", "_selected_action": [row("press").pk]})
    assert row("press").is_hidden is False


def test_a_volunteer_who_may_only_look_sees_no_link_to_edit(client):
    volunteer = signed_in_staff(client, superuser=False)
    assert client.get(LIST).status_code == 403
    volunteer.user_permissions.add(Permission.objects.get(codename="view_textblock"))
    page = Page(client.get(LIST).content.decode())
    assert [link for link in page.all(tag="a") if words(link) == "Edit"] == []


def test_a_text_shows_its_earlier_versions(client, ada):
    rewrite_text(row("our-why"), "# An earlier edit", by=ada)
    rewrite_text(row("our-why"), "# A later edit", by=ada)
    assert "# An earlier edit" in client.get(f"{LIST}{row('our-why').pk}/change/").content.decode()


@pytest.mark.parametrize(("address", "is_shown"), [(LIST, lambda key: "/" not in key), (EMAILS, catalog.is_email)])
def test_a_list_takes_as_many_queries_for_thirty_texts_as_for_one(client, ada, address, is_shown):
    """Each was edited by somebody else."""
    texts = iter([text for text in TextBlock.objects.filter(language="en") if is_shown(text.key)][:30])
    address = f"{address}?state=edited"
    one, thirty = for_one_and_thirty(
        lambda number: rewrite_text(next(texts), "# Edited", by=person(f"bram{number}")), lambda: client.get(address)
    )
    assert (one, client.get(address).content.decode().count(" by bram")) == (thirty, 30)


@pytest.mark.parametrize("address", ["{list}{pk}/change/", "/words/our-why/?language=en&back=/why/"])
def test_a_text_takes_as_many_queries_for_thirty_earlier_versions_as_for_one(client, ada, address):
    """Each was replaced by somebody else."""
    text = row("our-why")
    address = address.format(list=LIST, pk=text.pk)
    one, thirty = for_one_and_thirty(
        lambda number: rewrite_text(text, f"# Edit {number}", by=person(f"bram{number}")), lambda: client.get(address)
    )
    assert (one, text.revisions.count()) == (thirty, 30)
