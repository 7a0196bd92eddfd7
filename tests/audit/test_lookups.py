"""An admin list answers lookups of the filters that it shows, and 400 to any other, for every role (THREATS 55)."""

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.auth.models import Group
from django.db.models import BinaryField, JSONField
from django.urls import reverse

from tests import make
from tests.crawl import Ways

pytestmark = pytest.mark.django_db
MODELS = sorted(admin.site._registry, key=lambda model: model._meta.label)
NAMES = [model._meta.label for model in MODELS]
HASHES = [
    ("accounts.User", "password"),
    ("members.Member", "email_index"),
    ("members.Member", "new_email_index"),
    ("members.Member", "word_hash"),
    ("members.Member", "code_hash"),
    ("members.Inquiry", "code_hash"),
    ("chapters.VolunteerOffer", "email_index"),
    ("mail.Suppression", "to_index"),
    ("mail.OutgoingEmail", "to_index"),
]
ROLES = ["Reader", "Editor", "Care", "Press", "Coordinator"]


def list_of(model):
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")


def columns_of(model):
    """Return the names of all columns except those whose lookups cannot compare with text."""
    fields = [field for field in model._meta.concrete_fields if not isinstance(field, (BinaryField, JSONField))]
    listed = admin.site._registry[model].list_filter
    filters = {getattr(one, "parameter_name", one) for one in listed}
    return [field.name for field in fields if field.name not in filters]


@pytest.mark.parametrize("model", MODELS, ids=NAMES)
def test_no_list_answers_lookups_of_columns_without_a_filter(client, model):
    make.signed_in_staff(client)
    lookups = ("", "__startswith", "__gt")
    asked = [f"{name}{lookup}" for name in columns_of(model) for lookup in lookups]
    asked += ["pk__in", "user__password__startswith", "groups__user__password__startswith", "nothing_of_that_name"]
    answered = {one: client.get(list_of(model), {one: "1"}).status_code for one in asked}
    assert {one: status for one, status in answered.items() if status != 400} == {}


@pytest.mark.parametrize(
    ("model", "lookup"),
    [
        ("pages.SupportLine", "is_published__lt"),
        ("pages.SupportLine", "is_published__gte"),
        ("accounts.User", "groups__gte"),
        ("accounts.User", "groups"),
        ("mail.OutgoingEmail", "state__lt"),
        ("audit.AccessLog", "at"),
    ],
)
def test_a_filter_answers_no_lookup_that_its_links_do_not_use(client, model, lookup):
    make.signed_in_staff(client)
    assert client.get(list_of(apps.get_model(model)), {lookup: "1"}).status_code == 400


@pytest.mark.parametrize("role", ROLES)
def test_no_role_can_probe_a_hash_by_its_prefix(client, role):
    user = make.signed_in_staff(client, "grace", superuser=False)
    user.groups.set([Group.objects.get(name=role)])
    answered = {}
    for label, column in HASHES:
        address = list_of(apps.get_model(label))
        is_open = client.get(address).status_code == 200
        answered[column, is_open] = client.get(address, {f"{column}__startswith": "a"}).status_code
    assert [key for key, status in answered.items() if status != (400 if key[1] else 403)] == []


@pytest.mark.parametrize("model", MODELS, ids=NAMES)
def test_every_filter_that_a_list_shows_still_works(client, model):
    make.signed_in_staff(client)
    ways = Ways(client.get(list_of(model)).content.decode())
    one_of_each = {href.partition("=")[0]: href for href in ways.links if href.startswith("?")}
    filters = sorted(one_of_each.values())
    answered = {href: client.get(list_of(model) + href).status_code for href in filters}
    assert {href: status for href, status in answered.items() if status != 200} == {}


def test_the_dashboard_link_finds_the_emails_that_need_action(client):
    make.signed_in_staff(client)
    assert client.get(reverse("admin:mail_outgoingemail_changelist") + "?state__in=failed,unknown").status_code == 200
