"""What the page after leaving says. Withdrawing has the eraser's own receipt; who leaves is kept for a while."""

from datetime import timedelta

from django.conf import settings
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from members.self_service.deletion_receipt import Receipt


def erased_on(left_on):
    """The day in whose course what is kept of somebody who left goes."""
    return left_on + timedelta(days=settings.LEFT_DAYS)


def back_until(left_on):
    """The last day that is over everywhere before the day goes, by UTC, on which they are erased: on it they can come
    back until its last minute, wherever they are."""
    return erased_on(left_on) - timedelta(days=2)


def receipt_of_leaving(member, *, is_never_emailed=False):
    """What ended at once, and what stays until when. Who is never emailed has no news, no emails and no link."""
    of_emails = [_("your choice to get news"), _("emails to you that we hadn’t sent yet")]
    ended = [_("what your representatives could see"), *([] if is_never_emailed else of_emails)]
    with_code = _("So you can come back with the same code.")
    reason = with_code if is_never_emailed else _("So you can come back with the same code or link.")
    until = date_format(erased_on(timezone.now().date()))
    stays = [(_("all other information we have about you"), reason, until)]
    return Receipt(member.number, [(what, None) for what in ended], stays, is_exact=True)
