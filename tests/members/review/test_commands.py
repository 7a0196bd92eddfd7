"""`manage.py settle_decisions` makes decisions final without a broker, for cron."""

import io

import pytest
from django.core.management import call_command
from django.utils import timezone

from members.models import Member
from members.review.services import approve, decline
from s4jr.mail.models import OutgoingEmail
from tests import cast, make

pytestmark = pytest.mark.django_db


def settle():
    out = io.StringIO()
    call_command("settle_decisions", stdout=out)
    return out.getvalue().strip()


def test_it_settles_what_is_due_once(settings):
    settings.APPROVAL_UNDO_SECONDS = 60
    ada = make.admin("ada")
    approve(cast.waiting().row, by=ada)
    decline(cast.waiting(email="other@mailbox.example").row, by=ada)
    assert settle() == "0 approved, 0 others"
    Member.objects.update(effective_at=timezone.now())
    assert [settle(), settle()] == ["1 approved, 1 others", "0 approved, 0 others"]
    assert sorted(OutgoingEmail.objects.values_list("kind", flat=True)) == ["not-now", "welcome"]
