"""Our own export, brought in again on an empty site: only approved people come back, with what they had chosen."""

import pytest
from django.conf import settings
from django.utils.translation import override

from members.import_export.exporter import export
from members.import_export.import_state import ImportState
from members.models import Member
from s4jr.mail.models import Suppression
from tests import cast, make

pytestmark = pytest.mark.django_db
#: What a member keeps on the way.
KEPT = ("name", "email", "contact", "pronouns", "country", "region", "language", "newsletter", "ways_to_help",
        "received_on")  # fmt: skip
EACH_LANGUAGE = [code for code, _name in settings.LANGUAGES]


@pytest.fixture
def people():
    """One approved member for each language of the site, in places of three kinds."""
    places = {"en": ("CA", "CA-ON"), "fr-ca": ("US", "US-GA"), "es": ("GE", "")}
    for number, (language, (country, region)) in enumerate(places.items()):
        member = cast.waiting(
            email=f"ida{number}@mailbox.example", contact="discreet", pronouns="ze/hir", ways_to_help="policy media",
            country=country, region=region,
        )  # fmt: skip
        cast.put(member, "approved", language=language, newsletter=True)


def brought_in_again(language):
    with override(language):
        lines = b"".join(export(Member.objects.oldest_first(), by=make.admin(), reason="a move"))
    return ImportState.of_file(lines).read


@pytest.mark.parametrize("language", EACH_LANGUAGE)
def test_approved_people_come_back_as_they_were(people, language):
    read = brought_in_again(language)
    expected = [{name: getattr(member, name) for name in KEPT} for member in Member.objects.oldest_first()]
    assert ([line.answers for line in read.usable], read.unusable) == (expected, [])


@pytest.mark.parametrize("language", EACH_LANGUAGE)
@pytest.mark.parametrize("status", [status for status in Member.Status.values if status != "approved"])
def test_no_one_else_comes_back(language, status):
    cast.put(cast.waiting(email="ida@mailbox.example"), status)
    read = brought_in_again(language)
    assert (read.usable, len(read.unusable)) == ([], 1)


@pytest.mark.parametrize("language", EACH_LANGUAGE)
@pytest.mark.parametrize("reason", Suppression.Reason.values)
def test_no_one_whose_emails_are_stopped_comes_back(language, reason):
    member = cast.waiting(email="ida@mailbox.example")
    cast.put(member, "approved")
    make.stop(member.email_index, reason)
    read = brought_in_again(language)
    assert (read.usable, len(read.unusable)) == ([], 1)
