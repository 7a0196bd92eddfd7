"""The receipt of an erasure: what went, what stays, why and until when. It is made from the eraser's own walk."""

from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from members.applications.services import erase_by_code
from members.querysets import MemberQuerySet
from s4jr.erasure.erase import erase, in_general

#: What stays, why and until when.
Stay = tuple[str, str, str]


@dataclass(frozen=True)
class Receipt:
    """`erased` are (what, how many; None where it was not counted), `stays` are (what, why, until), all in words.

    `is_exact`: it tells of what there was. Otherwise it tells of what there may be, and reads the same for everybody.
    """

    number: str
    erased: list[tuple[str, int | None]]
    stays: list[Stay]
    is_exact: bool


def erase_with_receipt(members: MemberQuerySet) -> Receipt | None:
    """Erase who proved the mailbox (a link, or a code with their word), and all that is found by that address too.

    By the link of an application that nobody confirmed, or that is not the one kept, only that application goes: the
    owner of the address who clears away a stranger's must not lose her own.
    `members` is a QuerySet of the one member who withdraws. Returns the Receipt; None where nobody is there any more.
    """
    with transaction.atomic():
        number = _number_of(members)
        erasure = erase(members, proved=not members.is_nobodys())
        if not erasure.gone:
            return None
        return Receipt(number, erasure.erased, [*erasure.stayed(), _backup_line()], is_exact=True)


def erase_by_code_with_receipt(members: MemberQuerySet) -> Receipt | None:
    """Erase for somebody who holds nothing but a status code. Returns the Receipt, or None.

    It counts nothing and looks nowhere: it must read the same whoever's address was typed.
    """
    with transaction.atomic():
        number = _number_of(members)
        if not erase_by_code(members):
            return None
    erased, stays = in_general(members.model)
    return Receipt(number, erased, [*stays, _backup_line()], is_exact=False)


def _number_of(members: MemberQuerySet) -> str | None:
    return members.order_by("pk").values_list("number", flat=True).first()


def _backup_line() -> Stay:
    last = timezone.now().date() + timedelta(days=settings.BACKUP_DAYS)
    why = _(
        "No one can remove one person from a backup. If a backup is ever restored, we delete your "
        "information from it again."
    )
    return _("Copies of it in backups of the whole site, encrypted as it was here"), why, date_format(last)
