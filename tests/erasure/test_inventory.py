"""Every field states its purpose, its readers and its retention; erasure covers all personal data."""

from django.apps import apps
from django.db import models
from django.test.utils import isolate_apps

from members.models import Member
from s4jr.crypto.fields import encrypted_fields
from s4jr.erasure.inventory import entries_of, erasure_rules_for, faults, inventories, inventory_of
from s4jr.erasure.rules import DataField, DataInventory, ErasureRule, Reader, Subject, same, together
from s4jr.mail.models import OutgoingEmail

#: Encrypted although they are not personal: they grant access, or are for people who are going only.
SECRETS = ["meeting.join_link", "meeting.venue", "meetingmessage.text", "series.join_link", "series.venue"]


def stated(fields, *, subject=Subject.MEMBERS, erasure_rules=()):
    return DataInventory(subject, "A scratch", "For this test.", ("At once.",), fields, erasure_rules)


def kept(**said):
    return DataField("What", "Why", **said)


def scratch(**fields):
    """A factory for models with an `id`, made for one test and in no registry."""
    with isolate_apps("members"):
        return type("Scratch", (models.Model,), {"__module__": "members.models", **fields})


def test_the_inventory_covers_every_field_of_every_model():
    found = [fault for model in apps.get_models() for fault in faults(model, inventory_of(model))]
    assert "\n".join(found) == ""


def test_only_credentials_are_encrypted_and_not_personal():
    impersonal = [
        field.context
        for model, inventory in inventories()
        for field in encrypted_fields(model)
        if field.name in inventory.fields and not inventory.fields[field.name].is_personal
    ]
    assert sorted(impersonal) == SECRETS


def test_every_fingerprint_of_an_address_is_personal():
    indexes = [
        (model._meta.label, name)
        for model, inventory in inventories()
        for name, about in inventory.fields.items()
        if name.endswith("_index") and not about.is_personal
    ]
    assert indexes == []


class TestFaults:
    def test_a_model_without_an_inventory(self):
        assert faults(scratch(), None) == ["members.Scratch has no data dictionary."]

    def test_a_field_without_an_entry(self):
        model = scratch(nickname=models.CharField(max_length=9))
        assert faults(model, stated({"id": kept()})) == [
            "members.Scratch.nickname has no entry in the data dictionary."
        ]

    def test_an_entry_without_a_field(self):
        assert faults(scratch(), stated(together("id nickname", kept()))) == [
            "The data dictionary of members.Scratch states nickname, which is no field of it."
        ]

    def test_a_personal_field_that_erasure_does_not_find(self):
        model = scratch(nickname=models.CharField(max_length=9))
        fields = {"id": kept(), "nickname": kept(is_personal=True)}
        missed = ["members.Scratch.nickname is personal, and the eraser does not find it."]
        assert faults(model, stated(fields)) == missed
        assert faults(model, stated(fields, subject=Subject.NOBODY)) == missed
        found = ErasureRule(of=("members.member",), what="Nicknames", rows=same("id"))
        assert faults(model, stated(fields, erasure_rules=(found,))) == []

    def test_a_relation_to_a_member_that_erasure_does_not_follow(self):
        model = scratch(member=models.ForeignKey(Member, models.CASCADE, related_name="+"))
        fields = stated(together("id member", kept()))
        assert faults(model, fields) == [
            "members.Scratch.member leads to members.member, and the eraser does not follow it."
        ]

    def test_erasure_does_not_cover_accounts_of_staff(self):
        model = scratch(nickname=models.CharField(max_length=9))
        fields = {"id": kept(), "nickname": kept(is_personal=True)}
        assert faults(model, stated(fields, subject=Subject.STAFF)) == []


class TestEntries:
    def test_the_days_come_from_the_setting(self, settings):
        goes = {entry.name: entry.goes for entry in entries_of(Member)}
        settings.DECIDED_WORDS_DAYS = 12
        assert str(goes["message"][0]) == "Deleted 12 days after a decision."
        settings.DECIDED_WORDS_DAYS = 1
        assert str(goes["message"][0]) == "Deleted 1 day after a decision."

    def test_a_field_is_deleted_with_its_row_by_default(self):
        entries = {entry.name: entry for entry in entries_of(Member)}
        assert entries["name"].goes == Member.inventory.goes
        assert entries["relation"].readers == (Reader.YOU,)

    def test_the_erasure_rules_of_a_member_include_their_emails(self):
        assert OutgoingEmail in [holder for holder, _trace in erasure_rules_for(Member)]
