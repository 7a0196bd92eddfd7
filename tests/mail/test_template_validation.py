"""Email texts in the editor: the preview shows both versions, and a text that would expose its reader is not saved."""

import pytest

from s4jr.content.files import all_files
from s4jr.content.live_texts import text_block
from s4jr.content.models import TextBlock
from s4jr.content.services import rewrite_text
from s4jr.mail.discreet import coalition_words_in
from s4jr.mail.emails import PLACEHOLDER, write_from
from s4jr.mail.link_rules import link_problems
from s4jr.mail.template_validation import DISCREET, PREFIX, previews, problems, sample_values
from tests import make
from tests.reading import Page, words

pytestmark = pytest.mark.django_db
EMAILS = sorted(at for at in all_files() if at[0].startswith(PREFIX))
WELCOME = "emails/welcome"


def row(key=WELCOME):
    return TextBlock.objects.get(key=key, language="en")


@pytest.fixture
def press(client):
    """A function: a signed-in editor submits the text of an email with Save or Preview; returns the response."""
    make.signed_in_staff(client)

    def submit(key, text, button="save"):
        address = f"/words/{key}/?language=en"
        seen = Page(client.get(address).content.decode()).all(name="seen")[0]["value"]
        return client.post(address, {"text": text, "seen": seen, "action": button})

    return submit


def changed(key, old, new):
    """Return the text of an email with a replacement."""
    assert old in row(key).text
    return row(key).text.replace(old, new)


#: Emails to admins and representatives. They name no cause either, and have only one version.
TO_WHO_SIGNS_IN = (
    "emails/admin-",
    "emails/test",
    "emails/profile-",
    "emails/confirm-address",
    "emails/representative-address-changed",
)


class TestOwnEmails:
    @pytest.mark.parametrize(("key", "language"), EMAILS)
    def test_each_passes_validation(self, key, language):
        assert problems(key, language, all_files()[key, language].text) == []

    @pytest.mark.parametrize(("key", "language"), EMAILS)
    def test_each_fits_72_columns_and_has_no_unfilled_placeholder(self, key, language):
        text = text_block(key, language)
        subject, body = write_from(text, **sample_values(text))
        assert [line for line in body.splitlines() if len(line) > 72 and not line.startswith("http")] == []
        assert PLACEHOLDER.findall(subject + body) == []

    def test_each_email_to_members_has_a_discreet_version(self):
        """But for the automatic answer to a reply, which goes to no one whose emails are discreet."""
        to_members = {key for key, _ in EMAILS if not key.startswith((*TO_WHO_SIGNS_IN, "emails/auto-reply"))}
        assert {f"{key.removesuffix(DISCREET)}{DISCREET}" for key in to_members} - to_members == set()


class TestPreview:
    @pytest.mark.parametrize("key", [WELCOME, f"{WELCOME}{DISCREET}"])
    def test_both_versions_are_shown_whichever_is_edited(self, press, key):
        page = Page(press(key, changed(key, "Hello {name}", "Good day {name}"), "preview").content.decode())
        plain, discreet = [element["text"] for element in page.all(tag="pre")[-2:]]
        assert ["Good day Rosalind" in plain, "Good day Rosalind" in discreet] == [key == WELCOME, key != WELCOME]
        assert [len(coalition_words_in(plain)) > 0, len(coalition_words_in(discreet)) > 0] == [True, False]
        assert row(key).edit == ""

    def test_lines_wrap_as_in_the_email(self, press):
        long = "heron " * 40
        page = Page(press(WELCOME, changed(WELCOME, "Hello {name}", f"{long}{{name}}"), "preview").content.decode())
        first = page.all(tag="pre")[-2]["text"].splitlines()[0]
        assert first == "heron " * 11 + "heron"

    def test_an_email_is_not_rendered_as_markdown(self, press):
        text = changed(WELCOME, "Hello {name}", "**Dear** {name}")
        page = Page(press(WELCOME, text, "preview").content.decode())
        assert page.all(tag="pre")[-2]["text"].startswith("**Dear** Rosalind")
        assert [words(element) for element in page.all(tag="h3")] == [
            "The email",
            "The same email, discreet version",
        ]

    def test_an_email_with_one_version_shows_one(self):
        assert [preview.heading for preview in previews("emails/test", "en", "")] == ["The email"]

    def test_the_hint_says_that_an_email_is_plain_text(self, client):
        make.signed_in_staff(client)
        assert "Emails are plain text" in client.get(f"/words/{WELCOME}/").content.decode()
        assert "Emails are plain text" not in client.get("/words/our-why/").content.decode()


class TestSaving:
    def test_an_edited_email_is_sent_with_the_edit(self, press):
        assert press(WELCOME, changed(WELCOME, "Hello {name}", "Good day {name}")).status_code == 302
        assert write_from(text_block(WELCOME, "en"), **sample_values(text_block(WELCOME, "en")) | {"name": "Ro"})[
            1
        ].startswith("Good day Ro,")

    @pytest.mark.parametrize(
        ("key", "old", "new", "problem"),
        [
            (
                WELCOME,
                "{details_link}",
                "",
                "Keep exactly these: {contact_link}, {details_link}, {name}, {next_meeting}.",
            ),
            (WELCOME, "# Welcome", "# Welcome to S4JR", "in the subject, which others may see: s4jr."),
            (WELCOME, "# Welcome", "# Welcome {name}", "Keep words in curly brackets out of the subject"),
            (f"{WELCOME}{DISCREET}", "We are glad", "We Survivors, for justice,", "Don’t use these words"),
            (
                f"{WELCOME}{DISCREET}",
                "We are glad",
                "ＳＵＲＶＩＶＯＲ",
                "in the discreet version of an email: survivor.",
            ),
            (
                WELCOME,
                "Welcome to the coalition.",
                "{ name }, welcome to the coalition.",
                "Readers would see a curly bracket here.",
            ),
            (WELCOME, "Hello {name}", "Hello {{name}}", "Readers would see a curly bracket here."),
            ("emails/admin-digest", "# Waiting", "# A survivor", "in the subject, which others may see: survivor."),
        ],
    )
    def test_an_email_that_would_expose_its_reader_is_not_saved(self, press, key, old, new, problem):
        page = press(key, changed(key, old, new)).content.decode()
        assert (problem in page, "Preview: not saved yet" in page, row(key).edit) == (True, False, "")

    def test_a_phrase_across_two_lines_is_found(self, settings):
        settings.COALITION_WORDS = ["justice reform"]
        assert coalition_words_in("for justice\nreform") == ["justice reform"]

    @pytest.mark.parametrize("sign", ["\u00ad", "\u200b", "\u2060", "\u034f", "\u3164"])
    def test_a_word_with_an_invisible_character_is_found(self, sign):
        """A word processor may insert a soft hyphen, and the reader's phone shows the whole word."""
        assert coalition_words_in(f"sur{sign}vivor") == ["survivor"]

    @pytest.mark.parametrize(
        "text",
        ["sobrevivientes", "personne survivante", "coalicion", "COALICIÓN", "Justice reparatrice", "JUSTICIA",
         "proceso restaurativo", "justicia transformativa", "transformateur", "violencia", "abuso", "réforme"],
    )  # fmt: skip
    def test_words_of_every_language_are_found_with_and_without_accents(self, text):
        assert len(coalition_words_in(text)) >= 1

    def test_the_plain_version_may_name_the_coalition(self, press):
        assert press(WELCOME, changed(WELCOME, "Welcome to the coalition.", "you are in S4JR.")).status_code == 302

    def test_pages_may_name_the_coalition(self, press):
        assert press("our-why", "# Survivors\n\nFor justice.").status_code == 302

    def test_an_edited_email_can_be_restored(self, press):
        rewrite_text(row(), "# Welcome to S4JR", by=None)
        assert (press(WELCOME, "").status_code, row().edit) == (302, "")


#: Text that leads a link or its reader to another site.
FOREIGN = [
    "https://elsewhere.example/?to=",
    "HTTP://elsewhere.example",
    "https:/elsewhere.example/",
    "https:elsewhere.example",
    "//elsewhere.example/a",
    "www.elsewhere.example",
    "elsewhere.example/a",
    "elsewhere.example",
    "elsewhere\u3002example",
    "else\u200bwhere.example",
    "\uff45lsewhere\uff0eexample",
    "mailto:somebody",
    "somebody@elsewhere.example",
    "ftp://elsewhere.example/",
    "192.0.2.7/a",
    "https://127.0.0.1:8000@elsewhere.example/",
    "https://127.0.0.1:8000.elsewhere.example/",
]
#: A link placeholder with text attached, or not alone on its line.
GLUED = [
    "https://elsewhere.example/?to={}", "{}.elsewhere.example", "({})", "<{}>", "Open {}", "{} now", "to={}", "{}{}",
    "[here]({})", "{},", "\u200b{}x",
]  # fmt: skip


def links_of(key):
    return sorted({f"{{{name}}}" for name in PLACEHOLDER.findall(all_files()[key].text) if name.endswith("link")})


#: Each ends, starts or joins an address if the value is "com", ".com", "x." or "https:".
ENDED_BY_A_VALUE = [
    "See elsewhere.{{{0}}}/free for more.",
    "See elsewhere.c{{{0}}} for more.",
    "See elsewhere{{{0}}} for more.",
    "See elsewhere-{{{0}}} for more.",
    "See elsewhere.\u2060{{{0}}} for more.",
    "See elsewhere\u3002{{{0}}} for more.",
    "See {{{0}}}com for more.",
    "See {{{0}}}.com for more.",
    "See {{{0}}}//elsewhere for more.",
    "See {{{0}}}{{{0}}} for more.",
    "See a@{{{0}}} for more.",
]


class TestLinks:
    """A one-time link leads only where the site sends it, in each text and language (THREATS 53)."""

    @pytest.mark.parametrize(("key", "language"), EMAILS)
    def test_an_email_with_a_link_to_another_site_is_refused(self, key, language):
        text = all_files()[key, language].text
        taken = [said for said in FOREIGN if not problems(key, language, f"{text}\n\nSee {said}.")]
        assert taken == []

    @pytest.mark.parametrize(("key", "language"), [at for at in EMAILS if links_of(at)])
    def test_a_link_with_text_attached_is_refused(self, key, language):
        text = all_files()[key, language].text
        for link in links_of((key, language)):
            taken = [glue for glue in GLUED if not problems(key, language, text.replace(link, glue.format(link, link)))]
            assert taken == []

    @pytest.mark.parametrize(
        "glued",
        [
            "elsewhere{days}.example",
            "www{days}.elsewhere.example/x",
            "{days}elsewhere.example",
            "elsewhere.{days}example",
        ],
    )
    def test_an_address_with_a_placeholder_inside_is_refused(self, glued):
        assert list(link_problems(f"Please go to {glued} within {{days}} days.")) != []

    @pytest.mark.parametrize("glued", ENDED_BY_A_VALUE)
    def test_a_user_supplied_value_cannot_become_part_of_an_address(self, glued):
        """A meeting named "com" leads no reader to another site."""
        names = {name for at in EMAILS for name in PLACEHOLDER.findall(all_files()[at].text)}
        assert {"title", "name", "when", "link"} <= names
        assert [name for name in names if not list(link_problems(glued.format(name)))] == []

    @pytest.mark.parametrize(
        "said", ["“{title}”", "({title})", "« {title} »", "l’{title}", "{title}: {title}, {title}."]
    )
    def test_quotes_and_punctuation_may_surround_a_placeholder(self, said):
        assert list(link_problems(f"We meet: {said}\n{{title}}.\n\n{{title}}")) == []

    def test_the_error_asks_for_a_space(self, press):
        page = press(WELCOME, changed(WELCOME, "{name}", "elsewhere.{name}")).content.decode()
        assert "Put a space before and after {name}. Otherwise it could become part of an address." in page
        assert row(WELCOME).edit == ""

    @pytest.mark.parametrize("said", FOREIGN)
    def test_an_address_in_the_subject_is_refused(self, said):
        text = all_files()[WELCOME, "en"].text.replace("# Welcome", f"# Welcome {said}")
        assert problems(WELCOME, "en", text) != []

    @pytest.mark.parametrize(
        "said",
        [
            "at 7 p.m. on 3.12.2026",
            "e.g. this",
            "1.5 hours",
            "...",
            "S. J. Heron",
            "and/or",
            "10:30",
            "No.",
            "M. et Mme",
        ],
    )
    def test_plain_words_are_not_addresses(self, said):
        assert problems("emails/test", "en", f"# Test\n\nWe meet {said} here.") == []

    def test_an_address_of_this_site_is_allowed(self, settings):
        settings.SITE_URL = "https://site.example"
        texts = [f"# Test\n\nSee {address}" for address in ("https://site.example/safety/", "https://site.example.")]
        assert [problems("emails/test", "en", text) for text in texts] == [[], []]
        assert problems("emails/test", "en", "# Test\n\nSee http://site.example/safety/") != []

    @pytest.mark.parametrize(
        ("new", "problem"),
        [
            ("https://elsewhere.example/?to={details_link}", "Put {details_link} on its own line"),
            ("{details_link}\n\nelsewhere.example", "may lead only to our own site"),
        ],
    )
    def test_the_editor_sees_the_error_and_nothing_is_saved(self, press, new, problem):
        page = press(WELCOME, changed(WELCOME, "{details_link}", new)).content.decode()
        assert (problem in page, row(WELCOME).edit) == (True, "")

    def test_an_invalid_edit_from_another_source_is_not_sent(self, caplog):
        """For example from a restored backup or from before the rule: the file's text is sent, and the log says so."""
        rewrite_text(
            row(WELCOME), row(WELCOME).text.replace("{details_link}", "https://a.example/?{details_link}"), by=None
        )
        text = text_block(WELCOME, "en")
        body = write_from(text, **sample_values(text))[1]
        assert ("a.example" in body, "/details-link/" in body) == (False, True)
        assert "The edit of the email text emails/welcome (en) leads elsewhere: the file's is sent." in caplog.messages

    def test_a_long_text_is_validated_quickly(self):
        """Validation time grows with the length of the text, not its square: these texts would take minutes."""
        for hostile in ("a" * 20_000, "a." * 10_000, "a-" * 10_000, "1." * 10_000, "a:" * 10_000, "@" * 10_000):
            problems("emails/test", "en", f"# Test\n\n{hostile}")
