"""Everything stored about a member, side by side as they, reviewers, their representatives and the public see it.

No column repeats a list of fields: for reviewers it comes from the change page in the admin and the export's columns,
for representatives from `as_shown_to`; nothing is public.
"""

from collections.abc import Callable
from datetime import date
from typing import Any, NamedTuple

from django.contrib import admin
from django.contrib.admin.utils import display_for_field, lookup_field
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from chapters.regions import place_name
from members.applications.status_code import public_status
from members.applications.ways_to_help import ways_in_words
from members.import_export.exporter import COLUMNS
from members.models import Member, PlaceAlert
from members.self_service import sharing
from members.self_service.access_levels import Reach, hidden_from, why_hidden
from members.skills.page_context import words_as_shown, words_of_all

#: On the change page but not shown here: a decision that can still be undone, and who made it.
REVIEWERS_OWN = ("status", "flagged", "decided_by", "decided_at")

PUBLIC_STATUS_LABELS = {
    "being_read": _("waiting for review"),
    "welcomed": _("a member"),
    "not_now": _("not right now"),
    "left": _("left"),
    "lapsed": _("not answered in time"),
}


class Row(NamedTuple):
    """One thing that is stored, in words. None in a column means that they do not see it."""

    name: str
    label: str | Promise
    you: str
    deciding: str | None
    representative: str | None
    public: None = None
    #: This session does not list it, and says so in one line for all of these.
    is_left_out: bool = False

    @property
    def holds_something(self) -> bool:
        return bool(self.you or self.deciding or self.representative)


class Thing(NamedTuple):
    """The subject of a row: the fields of a member that it covers, and a function that puts them in words."""

    label: str | Promise
    words: Callable[[Member], Any]
    fields: tuple[str, ...]


def _day(value: date | None) -> str:
    return date_format(value) if value else ""


def _chosen(value: bool) -> str:
    return gettext("yes") if value else gettext("no")


#: By the name that the change page, the export and sharing choices use.
THINGS = {
    "name": Thing(_("name to use"), lambda m: m.name, ("name",)),
    "pronouns": Thing(_("pronouns"), lambda m: m.pronouns, ("pronouns",)),
    "place": Thing(_("place"), lambda m: place_name(m.country, m.region) if m.country else "", ("country", "region")),
    "chapter": Thing(_("chapter"), lambda m: str(m.chapter or ""), ("chapter",)),
    "email": Thing(_("email address"), lambda m: m.email, ("email", "email_index")),
    "new_email": Thing(_("new address, not confirmed yet"), lambda m: m.new_email, ("new_email", "new_email_index")),
    "contact": Thing(_("safe to email"), lambda m: m.get_contact_display(), ("contact",)),
    "newsletter": Thing(_("wants news"), lambda m: _chosen(m.newsletter), ("newsletter",)),
    "place_alert": Thing(_("wants to hear what starts at their place"), lambda m: _place_alert(m), ()),
    "language": Thing(_("language"), lambda m: m.language_name, ("language",)),
    "relation": Thing(_("joined as"), lambda m: _relation(m), ("relation",)),
    "ways_to_help": Thing(_("ways to help"), lambda m: ways_in_words(m.ways_to_help), ("ways_to_help",)),
    "access_needs": Thing(_("what helps you take part"), lambda m: m.access_needs, ("access_needs",)),
    "skills": Thing(_("skills to share"), lambda m: words_of_all(m), ()),
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


def _relation(member: Member) -> str:
    return str(dict[str, str](Member.Relation.choices).get(member.relation, member.relation))


def _is_set(mark: str | None) -> str:
    return gettext("set") if mark else ""


def _place_alert(member: Member) -> str:
    return gettext("yes") if PlaceAlert.objects.of([member]).exists() else ""


def _emails(member: Member) -> str:
    return str(_change_page().emails(member))


def _change_page() -> Any:
    """The ModelAdmin of members."""
    # The stubs lack this method of Django 5.0.
    return admin.site.get_model_admin(Member)  # pyright: ignore[reportAttributeAccessIssue]


def everything(member: Member, reach: Reach, *, is_proved: bool) -> list[Row]:
    """A Row for each thing stored about a member, as a session of this reach shows it. `is_proved`: so is the inbox."""
    hidden = hidden_from(reach, is_proved=is_proved)
    deciding, representative = as_deciders_see(member), as_representatives_see(member)
    rows = [
        Row(name, thing.label, str(thing.words(member)), deciding.get(name), representative.get(name))
        for name, thing in THINGS.items()
    ]
    rows = [_hidden(row, why_hidden(reach)) if row.name in hidden else row for row in rows]
    return [row._replace(is_left_out=row.name in hidden_from(reach)) for row in rows]


def as_deciders_see(member: Member) -> dict[str, str]:
    """What reviewers see of a member, by name: the change page as the admin renders it, and the export."""
    record = _change_page()
    seen = {getattr(name, "__name__", name): name for name in record.readonly_fields}
    shown = {name: _rendered(record, field, member) for name, field in seen.items() if name not in REVIEWERS_OWN}
    in_lists = {name: THINGS[name].words(member) for name in COLUMNS if name in THINGS}
    return {"public_status": gettext("the exact status"), **in_lists, **shown}


def _rendered(record: Any, name: str | Callable[..., Any], member: Member) -> str:
    field, _attribute, value = lookup_field(name, member, record)
    return str(display_for_field(value, field, "") if field else value)


def as_representatives_see(member: Member) -> dict[str, str]:
    """What representatives see of a member, by name. If two audiences see the same field, names both."""
    audiences, seen = sharing.audiences_of(member), dict[str, str]()
    for audience in audiences:
        for name, _label, words in sharing.as_shown_to(audience, member):
            said = gettext("%(words)s (%(name)s)") % {"words": words, "name": audience.name}
            seen[name] = f"{seen[name]}; {said}" if name in seen else said
    skills = words_as_shown(member)
    return {**seen, "skills": skills} if skills else seen


def _hidden(row: Row, instead: str) -> Row:
    columns = {"deciding": row.deciding, "representative": row.representative}
    return row._replace(you=instead, **{who: instead for who, words in columns.items() if words is not None})
