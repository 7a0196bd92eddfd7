import pytest
from django.apps import apps
from django.core.checks import run_checks

from s4jr.content import checks, files
from s4jr.content.files import TextFile, all_files, tidy


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """The folder of an app of ours, for texts that are there for one test."""
    monkeypatch.setattr(apps.get_app_config("chapters"), "path", str(tmp_path))
    all_files.cache_clear()
    yield tmp_path / "content" / "en"
    all_files.cache_clear()


def write(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def test_a_key_is_the_path_below_the_language(folder):
    write(folder / "emails" / "a-test.md", "# A title\n\nA body.\n")
    assert all_files()["emails/a-test", "en"].text == "# A title\n\nA body."


def test_a_draft_is_marked_by_its_first_line_which_is_no_part_of_the_text(folder):
    write(folder / "a-test.md", "<!-- draft -->\n# A title\n")
    file = all_files()["a-test", "en"]
    assert (file.is_draft, file.text) == (True, "# A title")


def test_our_texts_pass_the_checks():
    assert [message for message in run_checks() if message.id.startswith("words.")] == []


def test_two_files_for_one_text_are_an_error_that_names_both(folder):
    write(folder / "our-why.md", "# A second one\n")
    (error,) = checks.every_text_has_one_file(None)
    assert str(folder / "our-why.md") in error.msg
    assert "pages/content/en/our-why.md" in error.msg


def test_a_text_without_a_title_is_an_error(folder):
    write(folder / "a-test.md", "No title.\n")
    assert [error.id for error in checks.every_text_has_a_title(None)] == ["words.E002"]


def test_a_deployment_is_warned_of_texts_nobody_confirmed():
    (warning,) = checks.drafts_are_confirmed(None)
    assert {"agreement", "justice", "privacy"} <= set(warning.msg.removesuffix(".").split(": ")[1].split(", "))


def test_a_deployment_without_drafts_is_not_warned(monkeypatch):
    monkeypatch.setattr(checks, "all_files", lambda: {("a", "en"): TextFile("a", "en", None, "# A", is_draft=False)})
    assert checks.drafts_are_confirmed(None) == []


def test_line_ends_of_browsers_and_blank_edges_do_not_make_a_difference():
    assert tidy("\r\n# A title \r\n\r\nA body.\r\n\r\n") == "# A title\n\nA body."


def test_every_text_of_ours_is_short_enough_to_be_edited():
    from s4jr.content.markdown import LONGEST

    assert [file.key for file in files.all_files().values() if len(file.text) > LONGEST] == []
