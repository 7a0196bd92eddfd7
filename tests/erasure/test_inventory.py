"""Every field says what it is for, who reads it and when it goes; nothing personal escapes the eraser."""

from django.apps import apps
from django.db import models
from django.test.utils import isolate_apps

from members.models import Member
from s4jr.crypto.fields import encrypted_fields
from s4jr.erasure.inventory import entries_of, erasure_rules_for, faults, inventories, inventory_of
from s4jr.erasure.rules import DataField, DataInventory, ErasureRule, Reader, Subject, same, together
from s4jr.mail.models import OutgoingEmail

#: Encrypted though they are about nobody: who holds one gets in.
SECRETS = ["meeting.join_link", "series.join_link"]


def stated(fields, *, subject=Subject.MEMBERS, erasure_rules=()):
    return DataInventory(subject, "A scratch", "For this test.", ("At once.",), fields, erasure_rules)


def kept(**said):
    return DataField("What", "Why", **said)


def scratch(**fields):
    """A model made for one test, with an `id`; it is in no registry."""
    with isolate_apps("members"):
        return type("Scratch", (models.Model,), {"__module__": "members.models", **fields})


def test_every_model_of_the_site_is_stated_field_by_field():
    found = [fault for model in apps.get_models() for fault in faults(model, inventory_of(model))]
    assert "\n".join(found) == ""


def test_nothing_encrypted_is_called_impersonal_but_what_opens_a_door():
    impersonal = [
        field.context
        for model, inventory in inventories()
        for field in encrypted_fields(model)
        if field.name in inventory.fields and not inventory.fields[field.name].is_personal
    ]
    assert sorted(impersonal) == SECRETS


def test_every_fingerprint_of_an_address_is_called_personal():
    indexes = [
        (model._meta.label, name)
        for model, inventory in inventories()
        for name, about in inventory.fields.items()
        if name.endswith("_index") and not about.is_personal
    ]
    assert indexes == []


class TestWhatAFaultIs:
    def test_a_model_that_nobody_has_stated(self):
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

    def test_a_personal_field_that_the_eraser_does_not_find(self):
        model = scratch(nickname=models.CharField(max_length=9))
        fields = {"id": kept(), "nickname": kept(is_personal=True)}
        missed = ["members.Scratch.nickname is personal, and the eraser does not find it."]
        assert faults(model, stated(fields)) == missed
        assert faults(model, stated(fields, subject=Subject.NOBODY)) == missed
        found = ErasureRule(of=("members.member",), what="Nicknames", rows=same("id"))
        assert faults(model, stated(fields, erasure_rules=(found,))) == []

    def test_a_relation_to_a_member_that_the_eraser_does_not_follow(self):
        model = scratch(member=models.ForeignKey(Member, models.CASCADE, related_name="+"))
        fields = stated(together("id member", kept()))
        assert faults(model, fields) == [
            "members.Scratch.member leads to members.member, and the eraser does not follow it."
        ]

    def test_what_staff_leave_in_their_own_accounts_is_not_the_erasers(self):
        model = scratch(nickname=models.CharField(max_length=9))
        fields = {"id": kept(), "nickname": kept(is_personal=True)}
        assert faults(model, stated(fields, subject=Subject.STAFF)) == []


class TestReadingIt:
    def test_the_days_come_from_the_setting(self, settings):
        goes = {entry.name: entry.goes for entry in entries_of(Member)}
        settings.DECIDED_WORDS_DAYS = 12
        assert str(goes["message"][0]) == "Deleted 12 days after a decision."
        settings.DECIDED_WORDS_DAYS = 1
        assert str(goes["message"][0]) == "Deleted 1 day after a decision."

    def test_a_field_goes_with_its_row_unless_it_says_otherwise(self):
        entries = {entry.name: entry for entry in entries_of(Member)}
        assert entries["name"].goes == Member.inventory.goes
        assert entries["relation"].readers == (Reader.YOU,)

    def test_the_traces_of_a_member_lead_to_their_emails(self):
        assert OutgoingEmail in [holder for holder, _trace in erasure_rules_for(Member)]
