"""What the outbox calls a record is found by: it is the same in each language, and not what admins call the record."""

import pytest
from django.utils import translation

from chapters.models import RepresentativeMessage, VolunteerOffer
from members.models import Inquiry


@pytest.mark.parametrize(
    ("model", "name"), [(Inquiry, "inquiry"), (RepresentativeMessage, "conversation"), (VolunteerOffer, "offer")]
)
@pytest.mark.parametrize("language", ["en", "fr-ca", "es"])
def test_emails_about_a_record_are_found_in_each_language(model, name, language):
    with translation.override(language):
        assert model(number="W4F2A91").about == f"{name} W4F2A91"
