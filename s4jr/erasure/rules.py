"""The data inventory: what is stored about people, why, who reads it, when it is deleted, and how the eraser finds it.

Every model states its own (`inventory`). /privacy/ prints it, the eraser follows it, and the receipt is made from what
the eraser did: there is no second list. A field without an entry, or a personal one that the eraser misses, is a fault.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

#: The models whose rows are a person or a conversation. Each row has a number, by which emails and the access log refer
#: to it.
CAN_BE_ERASED = ("members.member", "members.inquiry", "chapters.representativemessage", "chapters.volunteeroffer")

#: (now, days) -> the rows that are due.
DueRows = Callable[[datetime, int], Q]
#: Erased rows of one model -> the rows of another table that are about them.
RowsAbout = Callable[[Sequence[Any]], Q]


class Reader(models.TextChoices):
    """Who reads a field, as /privacy/ names them."""

    YOU = "you", _("you")
    DECIDING = "deciding", _("the volunteers who read requests")
    REPRESENTATIVE = "representative", _("your representatives, if you let them")
    ADDRESSEE = "addressee", _("the representative you wrote to, and the coalition if you agreed")
    COLLEAGUES = "colleagues", _("the other representatives")
    HOST = "host", _("the meeting’s host, without your name")
    ACCEPTING = "accepting", _("the host of a meeting in person or by phone")
    GOING = "going", _("everyone who is going to the meeting")
    PUBLIC = "public", _("everyone")
    ANSWERING = "answering", _("the volunteers who answer that topic")
    VOLUNTEERS = "volunteers", _("this site’s admins")
    NOBODY = "nobody", _("no one; only the site itself uses it")


class Subject(models.TextChoices):
    """Whom a table is about."""

    MEMBERS = "members", _("If you ask to join")
    WRITERS = "writers", _("If you write to us")
    STAFF = "staff", _("If you help run the site")
    SPEAKERS = "speakers", _("If you speak for the coalition in public")
    NOBODY = "nobody", _("Data that isn’t about a person")


@dataclass(frozen=True, eq=False)
class TimeLimit:
    """A time in a setting: `TimeLimit("EMAIL_DAYS", _("%(days)s after it was written"))`; `str()` is the sentence."""

    setting: str
    words: str | Promise

    @property
    def days(self) -> int:
        return getattr(settings, self.setting)

    def date(self, day: date) -> date:
        """The last day on which something may still exist whose time counts from `day`."""
        return day + timedelta(days=self.days + 1)

    def __str__(self) -> str:
        return str(self.words) % {"days": ngettext("%(days)d day", "%(days)d days", self.days) % {"days": self.days}}


@dataclass(frozen=True, eq=False)
class DataField:
    """What one field holds, or several that belong together. Without `goes` it is deleted with its row."""

    what: str | Promise
    why: str | Promise
    goes: str | Promise | TimeLimit | None = None
    readers: tuple[Reader, ...] = (Reader.NOBODY,)
    is_personal: bool = False


@dataclass(frozen=True, eq=False)
class RetentionRule(TimeLimit):
    """When rows are deleted automatically: `rows(now, days)` is a Q of those that are due. `purge` deletes them."""

    rows: DueRows

    def due(self, now: datetime) -> Q:
        return self.rows(now, self.days)


@dataclass(frozen=True, eq=False)
class RetentionException:
    """Why rows outlive the person they are about, and until when. With `since`, that field plus `until` makes a date.

    `is_told_always` is for what a receipt must not reveal: it says "if there is one", whether there is or not.
    """

    why: str | Promise
    until: str | Promise | TimeLimit
    since: str = ""
    is_told_always: bool = False


@dataclass(frozen=True, eq=False)
class ErasureRule:
    """One way in which rows of a table are about an erased person. They are deleted unless `stays` says why not.

    `of` names the models (`app.model`) whose rows are followed; `rows` turns such rows into a Q that finds these. With
    `by_address` they are found by an address alone: only someone who proved that the inbox is theirs has them erased,
    or is told. `otherwise` says when they are deleted for all others.
    """

    of: tuple[str, ...]
    what: str | Promise
    rows: RowsAbout
    stays: RetentionException | None = None
    by_address: bool = False
    #: False: a receipt names it without a count, since some of it may be about an address that someone else typed.
    is_counted: bool = True
    otherwise: str | Promise | TimeLimit = ""


@dataclass(frozen=True, eq=False)
class DataInventory:
    """What a table is for, whom it is about, and what its fields hold. `fields` has an entry for every field."""

    subject: Subject
    title: str | Promise
    purpose: str | Promise
    #: When its rows are deleted, in sentences, in the order a reader would ask. `purge` applies each `RetentionRule`.
    goes: tuple[str | Promise | TimeLimit, ...]
    fields: dict[str, DataField]
    erasure_rules: tuple[ErasureRule, ...] = ()
    #: Prefix of an erased row's `number` in its tombstone, if the number alone could be another model's.
    tombstone: str = ""

    @property
    def shown(self) -> list[DataField]:
        """What readers are told about its fields, without repetition."""
        return list(dict.fromkeys(self.fields.values()))

    @property
    def retention_rules(self) -> list[RetentionRule]:
        return [age for age in self.goes if isinstance(age, RetentionRule)]


def together(names: str, kept: DataField) -> dict[str, DataField]:
    """Entries for fields that are one thing to a reader: `**together("claim lease_until", DataField(...))`."""
    return dict.fromkeys(names.split(), kept)


# --- how retention and erasure rules find their rows


def by_day(name: str, **where: Any) -> DueRows:
    """Rows whose date `name` is that many days ago."""
    return lambda now, days: Q(**{f"{name}__lte": now.date() - timedelta(days=days)}, **where)


def by_moment(name: str, **where: Any) -> DueRows:
    """Rows whose datetime `name` is that many days ago."""
    return lambda now, days: Q(**{f"{name}__lte": now - timedelta(days=days)}, **where)


def same(name: str, attribute: str = "pk") -> RowsAbout:
    """Rows whose field `name` equals this attribute of an erased row; an empty attribute finds nothing."""
    return lambda people: Q(**{f"{name}__in": [value for person in people if (value := getattr(person, attribute))]})


def same_record(kind: str, number: str) -> RowsAbout:
    """Rows that hold a model label, as `app.model`, and the number under which a record is logged."""
    return lambda people: Q(
        **{kind: people[0]._meta.label_lower, f"{number}__in": [person.log_id for person in people]}
    )


def same_tombstone(number: str) -> RowsAbout:
    """Rows that hold the numbers of these records' tombstones."""
    return lambda people: Q(**{f"{number}__in": remembered(people)})


def remembered(people: Sequence[Any]) -> list[str]:
    """The numbers of rows of one model as in tombstones: with the prefix of the model."""
    mark = type(people[0]).inventory.tombstone
    return [f"{mark}{person.number}" for person in people]
