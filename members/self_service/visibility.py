"""Everything that is kept of a member, side by side as they, who decides, their representatives and everybody see it.

No column is written down a second time: who decides sees what the record page in the admin lists and renders, and the
columns of the list that may be taken along; representatives see what `as_shown_to` gives them; nothing is public.
"""

from typing import NamedTuple

from django.contrib import admin
from django.contrib.admin.utils import display_for_field, lookup_field
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from chapters.regions import place_name
from members.applications.forms import ways_in_words
from members.applications.status_code import public_status
from members.import_export.exporter import COLUMNS
from members.models import Member
from members.self_service import sharing
from members.self_service.access_levels import hidden_from, why_hidden

#: On the record page, and not told here: a decision that can still be stopped does not show, nor who takes it.
REVIEWERS_OWN = ("status", "flagged", "decided_by", "decided_at")

PUBLIC_STATUS_LABELS = {
    "being_read": _("waiting for review"),
    "welcomed": _("a member"),
    "not_now": _("not right now"),
    "left": _("left"),
    "lapsed": _("not answered in time"),
}


class Row(NamedTuple):
    """One thing that is kept, in words; None in a column means: not seen by them."""

    name: str
    label: str
    you: str
    deciding: str | None
    representative: str | None
    public: None = None
    #: This visit doesn't list it: how it was opened says what it leaves out.
    is_left_out: bool = False

    @property
    def holds_something(self):
        return bool(self.you or self.deciding or self.representative)


class Thing(NamedTuple):
    """What a row is about: the fields of a member it stands for, and what they say, in words."""

    label: str
    words: callable
    fields: tuple


def _day(value):
    return date_format(value) if value else ""


def _chosen(value):
    return gettext("yes") if value else gettext("no")


#: By the name that the record page, the list and the sharings use, where they show it.
THINGS = {
    "name": Thing(_("name to use"), lambda m: m.name, ("name",)),
    "pronouns": Thing(_("pronouns"), lambda m: m.pronouns, ("pronouns",)),
    "place": Thing(_("place"), lambda m: place_name(m.country, m.region) if m.country else "", ("country", "region")),
    "chapter": Thing(_("chapter"), lambda m: str(m.chapter or ""), ("chapter",)),
    "email": Thing(_("email address"), lambda m: m.email, ("email", "email_index")),
    "new_email": Thing(_("new address, not confirmed yet"), lambda m: m.new_email, ("new_email", "new_email_index")),
    "contact": Thing(_("safe to email"), lambda m: m.get_contact_display(), ("contact",)),
    "newsletter": Thing(_("wants news"), lambda m: _chosen(m.newsletter), ("newsletter",)),
    "language": Thing(_("language"), lambda m: m.language_name, ("language",)),
    "relation": Thing(_("joined as"), lambda m: _relation(m), ("relation",)),
    "ways_to_help": Thing(_("ways to help"), lambda m: ways_in_words(m.ways_to_help), ("ways_to_help",)),
    "access_needs": Thing(_("what helps you take part"), lambda m: m.access_needs, ("access_needs",)),
    "message": Thing(_("message"), lambda m: m.message, ("message",)),
    "public_status": Thing(_("status"), lambda m: str(PUBLIC_STATUS_LABELS[public_status(m)]), ()),
    "paused_at": Thing(_("paused since"), lambda m: _day(m.paused_at), ("paused_at",)),
    "left_on": Thing(_("left on"), lambda m: _day(m.left_on), ("left_on",)),
    "received_on": Thing(_("received"), lambda m: _day(m.received_on), ("received_on",)),
    "agreement_version": Thing(_("agreement version"), lambda m: m.agreement_version, ("agreement_version",)),
    "agreed_at": Thing(_("agreed on"), lambda m: _day(m.agreed_at), ("agreed_at",)),
    "number": Thing(_("number"), lambda m: m.number, ("number",)),
    "emails": Thing(_("emails"), lambda m: _emails(m), ()),
    "word_hash": Thing(_("secret word"), lambda m: _is_set(m.word_hash), ("word_hash",)),
    "code_hash": Thing(_("a fingerprint of your code"), lambda m: _is_set(m.code_hash), ("code_hash",)),
    "emptied_on": Thing(_("what you wrote was deleted on"), lambda m: _day(m.emptied_on), ("emptied_on",)),
}


def _relation(member):
    return str(dict(Member.Relation.choices).get(member.relation, member.relation))


def _is_set(mark):
    return gettext("set") if mark else ""


def _emails(member):
    return str(admin.site.get_model_admin(Member).emails(member))


def everything(member, reach, *, is_proved):
    """A Row for each thing that is kept of a member, as far as this visit reaches. `is_proved`: the inbox is theirs."""
    hidden = hidden_from(reach, is_proved=is_proved)
    deciding, representative = as_deciders_see(member), as_representatives_see(member)
    rows = [
        Row(name, thing.label, str(thing.words(member)), deciding.get(name), representative.get(name))
        for name, thing in THINGS.items()
    ]
    rows = [_hidden(row, why_hidden(reach)) if row.name in hidden else row for row in rows]
    return [row._replace(is_left_out=row.name in hidden_from(reach)) for row in rows]


def as_deciders_see(member):
    """What who decides sees of a member, by name: the record page as the admin renders it, and the list."""
    record = admin.site.get_model_admin(Member)
    seen = {getattr(name, "__name__", name): name for name in record.readonly_fields}
    shown = {name: _rendered(record, field, member) for name, field in seen.items() if name not in REVIEWERS_OWN}
    in_lists = {name: THINGS[name].words(member) for name in COLUMNS if name in THINGS}
    return {"public_status": gettext("the exact status"), **in_lists, **shown}


def _rendered(record, name, member):
    field, _attribute, value = lookup_field(name, member, record)
    return str(display_for_field(value, field, "") if field else value)


def as_representatives_see(member):
    """What representatives see of a member, by name; where both of theirs see something, who sees what."""
    audiences, seen = sharing.audiences_of(member), {}
    for audience in audiences:
        for name, _label, words in sharing.as_shown_to(audience, member):
            said = gettext("%(words)s (%(name)s)") % {"words": words, "name": audience.name}
            seen[name] = f"{seen[name]}; {said}" if name in seen else said
    return seen


def _hidden(row, instead):
    columns = {"deciding": row.deciding, "representative": row.representative}
    return row._replace(you=instead, **{who: instead for who, words in columns.items() if words is not None})
