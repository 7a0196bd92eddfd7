"""The access log in the admin names records and fields in words."""

from datetime import UTC, datetime

import pytest
from django.apps import apps
from django.urls import reverse

from s4jr.audit.admin import kind_in_words
from s4jr.audit.models import AccessLog
from s4jr.audit.services import log_access
from tests import cast, make
from tests.reading import Page, words

pytestmark = pytest.mark.django_db


def test_every_kind_of_record_is_named_in_words():
    kinds = [model._meta.label_lower for model in apps.get_models() if hasattr(model, "inventory")]
    named = {kind: kind_in_words(kind) for kind in kinds}
    assert [kind for kind, name in named.items() if "." in name or not name[0].isupper()] == []


def test_the_list_has_no_names_of_the_code(client):
    ada, member = make.signed_in_staff(client), cast.waiting()
    log_access(who=ada, action=AccessLog.Action.OPENED, records=[member], field_names=["email", "ways_to_help"])
    page = Page(client.get(reverse("admin:audit_accesslog_changelist")).content.decode())
    assert [words(e) for e in page.all(tag="summary")] == ["Menu", "Filters", "By when", "By action", "By record"]
    headings = [words(heading) for heading in page.all(tag="th", scope="col")]
    assert headings == ["When", "User", "Action", "Record", "Number", "Which parts"]
    cells = {e["data-label"]: words(e) for e in page.elements if "data-label" in e}
    assert (cells["record"], cells["which parts"]) == ("Member", "email address, ways to help")


def test_an_entry_says_when_in_words(client):
    """As its list does, not as Python writes a datetime."""
    ada = make.signed_in_staff(client)
    log_access(who=ada, action=AccessLog.Action.OPENED, records=[cast.waiting()], field_names=["email"])
    AccessLog.objects.update(at=datetime(2026, 12, 3, 17, 5, tzinfo=UTC))
    one = reverse("admin:audit_accesslog_change", args=[AccessLog.objects.get().pk])
    pages = [reverse("admin:audit_accesslog_changelist"), one]
    shown = ["December 3, 2026, 5:05 p.m." in client.get(page).content.decode() for page in pages]
    assert shown == [True, True]


def test_a_record_of_a_model_that_is_gone_keeps_its_label():
    assert kind_in_words("members.gone") == "members.gone"
