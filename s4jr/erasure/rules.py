"""The data inventory: what is kept of people, why, who reads it, when it goes, and how the eraser finds it.

Every model states its own (`inventory`). /privacy/ prints it, the eraser walks it, the receipt is made from that
walk: there is no second list. A field without an entry, or a personal one that the eraser misses, is a fault.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

#: The models whose rows are a person, or a conversation of theirs: each has a number, and emails and the access log
#: name it by that.
CAN_BE_ERASED = ("members.member", "members.inquiry", "chapters.representativemessage", "chapters.volunteeroffer")


class Reader(models.TextChoices):
    """Who reads a field, as /privacy/ names them."""

    YOU = "you", _("you")
    DECIDING = "deciding", _("the volunteers who read requests")
    REPRESENTATIVE = "representative", _("your representatives, if you let them")
    ADDRESSEE = "addressee", _("the representative you wrote to, and the coalition if you agreed")
    HOST = "host", _("the meeting’s host, without your name")
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
    """A time that a setting says: `After("EMAIL_DAYS", _("%(days)s after it was written"))`, printed by `str()`."""

    setting: str
    words: str | Promise

    @property
    def days(self):
        return getattr(settings, self.setting)

    def date(self, day):
        """The last day on which something may still be there that this time counts from `day`."""
        return day + timedelta(days=self.days + 1)

    def __str__(self):
        return str(self.words) % {"days": ngettext("%(days)d day", "%(days)d days", self.days) % {"days": self.days}}


@dataclass(frozen=True, eq=False)
class DataField:
    """What one field holds, or several that belong together. `goes` is left out where it goes with its row."""

    what: str | Promise
    why: str | Promise
    goes: str | Promise | TimeLimit | None = None
    readers: tuple[Reader, ...] = (Reader.NOBODY,)
    is_personal: bool = False


@dataclass(frozen=True, eq=False)
class RetentionRule(TimeLimit):
    """When rows go by themselves: `rows(now, days)` is a Q of those that are due. `purge` deletes what this says."""

    rows: Callable[[datetime, int], Q] = None

    def due(self, now):
        return self.rows(now, self.days)


@dataclass(frozen=True, eq=False)
class RetentionException:
    """Why rows outlive whom they are about, and until when. With `since`, that field plus `until` makes a date.

    `is_told_always` is for what nobody should learn from a receipt: it says "if there is one", whether there is or not.
    """

    why: str | Promise
    until: str | Promise | TimeLimit
    since: str = ""
    is_told_always: bool = False


@dataclass(frozen=True, eq=False)
class ErasureRule:
    """One way in which rows of a table are about somebody who is erased. They go, unless `stays` says why not.

    `of` names the models (`app.model`) whose rows are followed; `rows` makes of such rows a Q that finds these. With
    `by_address` they are found by nothing but an address: only who has proved that mailbox has them erased, or is told.
    `otherwise` says when they go for all others.
    """

    of: tuple[str, ...]
    what: str | Promise
    rows: Callable[[list], Q]
    stays: RetentionException | None = None
    by_address: bool = False
    #: False: a receipt names it and does not count it, since some of it may be about an address that somebody typed.
    is_counted: bool = True
    otherwise: str | Promise | TimeLimit = ""


@dataclass(frozen=True, eq=False)
class DataInventory:
    """What a table is for, whom it is about, what its fields hold. `fields` has an entry for every field by name."""

    subject: Subject
    title: str | Promise
    purpose: str | Promise
    #: When its rows go, in sentences, in the order in which a reader would ask. `purge` does those that are an
    #: `RetentionRule`.
    goes: tuple[str | Promise | TimeLimit, ...]
    fields: dict[str, DataField]
    erasure_rules: tuple[ErasureRule, ...] = ()
    #: What a tombstone puts before the `number` of a row that was erased, where numbers alone could be another model's.
    tombstone: str = ""

    @property
    def shown(self):
        """What a reader is told of its fields, each thing once."""
        return list(dict.fromkeys(self.fields.values()))

    @property
    def retention_rules(self):
        return [age for age in self.goes if isinstance(age, RetentionRule)]


def together(names, kept):
    """Entries for several fields that are one thing to a reader: `**together("claim lease_until", DataField(...))`."""
    return dict.fromkeys(names.split(), kept)


# --- how an age and a trace find their rows


def by_day(name, **where):
    """Rows whose day `name` is that many days ago."""
    return lambda now, days: Q(**{f"{name}__lte": now.date() - timedelta(days=days)}, **where)


def by_moment(name, **where):
    """Rows whose moment `name` is that many days ago."""
    return lambda now, days: Q(**{f"{name}__lte": now - timedelta(days=days)}, **where)


def same(name, attribute="pk"):
    """Rows whose field `name` equals this attribute of somebody who goes; those who have none there find nothing."""
    return lambda people: Q(**{f"{name}__in": [value for person in people if (value := getattr(person, attribute))]})


def same_record(kind, number):
    """Rows that name what kind of record they are about, as `app.model`, and the number it is logged under."""
    return lambda people: Q(
        **{kind: people[0]._meta.label_lower, f"{number}__in": [person.log_id for person in people]}
    )


def same_tombstone(number):
    """Rows that hold the numbers under which these are remembered once they are gone."""
    return lambda people: Q(**{f"{number}__in": remembered(people)})


def remembered(people):
    """The numbers of rows of one model as tombstones have them: with the mark of the model before each."""
    mark = type(people[0]).inventory.tombstone
    return [f"{mark}{person.number}" for person in people]
