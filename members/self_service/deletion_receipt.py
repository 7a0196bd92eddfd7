"""The receipt of an erasure: what was deleted, what stays, why and until when. It is built from the erasure itself."""

from collections.abc import Sequence
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

#: (what stays, why, until when)
Stay = tuple[str, str, str]


@dataclass(frozen=True)
class Receipt:
    """`erased` has pairs (what, how many; None if it was not counted), `stays` has (what, why, until), all in words.

    `is_exact`: it lists what there was. Otherwise it lists what there may have been, the same for everyone.
    """

    number: str
    erased: Sequence[tuple[str, int | None]]
    stays: Sequence[Stay]
    is_exact: bool


def erase_with_receipt(members: MemberQuerySet) -> Receipt | None:
    """Erase a member who proved the inbox (a link, or a code with the secret word), and what is found by the address.

    The link of an unconfirmed application or a duplicate erases only that application: an owner of the address who
    removes a stranger's application must not lose their own. `members` is a QuerySet of that one member. Returns None
    if they are already gone.
    """
    with transaction.atomic():
        number = _number_of(members)
        erasure = erase(members, proved=not members.is_nobodys())
        if number is None or not erasure.gone:
            return None
        return Receipt(number, erasure.erased, [*erasure.stayed(), _backup_line()], is_exact=True)


def erase_by_code_with_receipt(members: MemberQuerySet) -> Receipt | None:
    """Erase a member who showed only a status code. Returns None if they are already gone.

    The receipt comes from no lookup or count: it must read the same whoever has the address that was typed.
    """
    with transaction.atomic():
        number = _number_of(members)
        count = erase_by_code(members)
        if number is None or not count:
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
