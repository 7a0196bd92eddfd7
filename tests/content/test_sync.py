import pytest
from django.core.management import call_command

from s4jr.content.files import all_files, file_for
from s4jr.content.models import TextBlock

pytestmark = pytest.mark.django_db


def keys():
    return set(TextBlock.objects.values_list("key", "language"))


def test_every_file_has_a_row_that_admins_can_find():
    assert keys() == set(all_files())


@pytest.mark.django_db(transaction=True)
def test_the_rows_exist_after_a_flush():
    call_command("flush", interactive=False, verbosity=0)
    assert keys() == set(all_files())


def test_a_second_migrate_keeps_edits():
    TextBlock.objects.filter(key="our-why", language="en").update(edit="# Edited", edited_from="older")
    call_command("migrate", verbosity=0)
    assert TextBlock.objects.get(key="our-why", language="en").edit == "# Edited"
    assert TextBlock.objects.count() == len(all_files())


def test_migrate_clears_an_edit_that_is_now_in_its_file():
    TextBlock.objects.filter(key="our-why", language="en").update(
        edit=file_for("our-why", "en").text, edited_from="older"
    )
    call_command("migrate", verbosity=0)
    assert not TextBlock.objects.edited().exists()


def test_migrate_deletes_a_row_without_a_file_unless_it_has_content():
    TextBlock.objects.create(key="gone", language="en")
    TextBlock.objects.create(key="gone-but-edited", language="en", edit="# Edited")
    TextBlock.objects.create(key="gone-but-hidden", language="en", is_hidden=True)
    remembered = TextBlock.objects.create(key="gone-but-remembered", language="en")
    remembered.revisions.create(text="# Before")
    call_command("migrate", verbosity=0)
    extra = keys() - set(all_files())
    assert extra == {(key, "en") for key in ("gone-but-edited", "gone-but-hidden", "gone-but-remembered")}
