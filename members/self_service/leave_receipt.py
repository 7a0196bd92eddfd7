"""The receipt on the page after leaving. Someone who leaves is kept for a while, unlike someone who is erased."""

from datetime import date, timedelta

from django.conf import settings
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from members.models import Member
from members.self_service.deletion_receipt import Receipt


def erased_on(left_on: date) -> date:
    """The day (UTC) on which someone who left is erased."""
    return left_on + timedelta(days=settings.LEFT_DAYS)


def back_until(left_on: date) -> date:
    """The last day that ends in every time zone before the UTC day of the erasure. Until its last minute they can come
    back, wherever they are."""
    return erased_on(left_on) - timedelta(days=2)


def receipt_of_leaving(member: Member, *, is_never_emailed: bool = False) -> Receipt:
    """What ended right away, and what stays until when. Someone who is never emailed has no news, emails or link."""
    of_emails = [_("your choice to get news"), _("emails to you that we hadn’t sent yet")]
    ended = [_("what your representatives could see"), *([] if is_never_emailed else of_emails)]
    with_code = _("So you can come back with the same code.")
    reason = with_code if is_never_emailed else _("So you can come back with the same code or link.")
    until = date_format(erased_on(timezone.now().date()))
    stays = [(_("all other information we have about you"), reason, until)]
    return Receipt(member.number, [(what, None) for what in ended], stays, is_exact=True)
