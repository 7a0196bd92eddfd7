import pytest
from django.apps import apps
from django.core.checks import run_checks

from s4jr.content import checks, files
from s4jr.content.files import TextFile, all_files, tidy


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A temporary content folder of one of our apps."""
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


def test_the_first_line_marks_a_draft_and_is_not_part_of_the_text(folder):
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


def test_the_deployment_check_warns_about_unconfirmed_texts():
    (warning,) = checks.drafts_are_confirmed(None)
    assert {"agreement", "justice", "privacy"} <= set(warning.msg.removesuffix(".").split(": ")[1].split(", "))


def test_the_deployment_check_is_silent_without_drafts(monkeypatch):
    monkeypatch.setattr(checks, "all_files", lambda: {("a", "en"): TextFile("a", "en", None, "# A", is_draft=False)})
    assert checks.drafts_are_confirmed(None) == []


def test_line_endings_and_surrounding_blank_lines_make_no_difference():
    assert tidy("\r\n# A title \r\n\r\nA body.\r\n\r\n") == "# A title\n\nA body."


def test_each_of_our_texts_is_short_enough_for_the_editor():
    from s4jr.content.markdown import LONGEST

    assert [file.key for file in files.all_files().values() if len(file.text) > LONGEST] == []
