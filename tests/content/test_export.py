from io import StringIO

import pytest
from django.conf import settings
from django.core.management import call_command

from s4jr.content import files
from s4jr.content.files import TextFile, all_files
from s4jr.content.models import TextBlock
from s4jr.content.services import rewrite_text

pytestmark = pytest.mark.django_db


def export(**options):
    out, err = StringIO(), StringIO()
    call_command("export_texts", stdout=out, stderr=err, **options)
    return out.getvalue(), err.getvalue()


@pytest.fixture
def our_why(tmp_path, monkeypatch):
    """The text "our-why" in a temporary file, as in another checkout."""
    monkeypatch.setattr(settings, "BASE_DIR", tmp_path)
    path = tmp_path / "pages" / "our-why.md"
    path.parent.mkdir()
    path.write_text("<!-- draft -->\n# Our Why:\n\nAs in the file.\n")

    def found():
        yield files._read(path, path.parent, "en")

    monkeypatch.setattr(files, "found_files", found)
    all_files.cache_clear()
    yield path
    all_files.cache_clear()


def edit(text):
    rewrite_text(TextBlock.objects.get(key="our-why", language="en"), text, by=None)


def test_the_export_writes_an_edit_to_its_file_and_clears_the_row(our_why):
    edit("# Our Why:\n\nMended.")
    out, _ = export()
    assert our_why.read_text() == "<!-- draft -->\n# Our Why:\n\nMended.\n"
    assert out == f"{our_why}\n1 written.\n"
    row = TextBlock.objects.get(key="our-why", language="en")
    assert (row.edit, row.text) == ("", "# Our Why:\n\nMended.")


def test_the_history_keeps_exported_edits(our_why):
    edit("# Our Why:\n\nMended.")
    export()
    row = TextBlock.objects.get(key="our-why", language="en")
    assert [revision.text for revision in row.revisions.all()] == [
        "# Our Why:\n\nMended.",
        "# Our Why:\n\nAs in the file.",
    ]


def test_an_export_into_another_checkout_clears_nothing_here(our_why, tmp_path):
    edit("# Our Why:\n\nMended.")
    export(into=tmp_path / "elsewhere")
    written = tmp_path / "elsewhere" / "pages" / "our-why.md"
    assert written.read_text() == "<!-- draft -->\n# Our Why:\n\nMended.\n"
    assert our_why.read_text() == "<!-- draft -->\n# Our Why:\n\nAs in the file.\n"
    assert TextBlock.objects.get(key="our-why", language="en").edit == "# Our Why:\n\nMended."


def test_without_edits_nothing_is_written(our_why):
    out, _ = export()
    assert out == "0 written.\n"


def test_an_edit_without_a_file_is_reported_and_kept(our_why):
    TextBlock.objects.create(key="gone", language="en", edit="# Edited")
    _, err = export()
    assert err == "gone (en) has no file any more; its edit stays in the database.\n"
    assert TextBlock.objects.get(key="gone").edit == "# Edited"


def test_an_exported_file_keeps_its_format_and_loses_the_draft_mark(tmp_path):
    path = tmp_path / "a.md"
    TextFile("a", "en", path, "# A", is_draft=False).write("# B")
    assert path.read_text() == "# B\n"
