"""The emails that ask whether a profile may stay. They name no cause, whoever reads the mailbox."""

from datetime import date
from functools import partial

from django.db import transaction
from django.db.models import Value
from django.db.models.functions import Greatest
from django.utils import formats, timezone, translation

from chapters.models import Representative
from chapters.representatives.consent import WAITS_FOR_EMAILS, time_for_emails
from chapters.representatives.services import give_renewal_link
from s4jr.content.live_texts import LiveTexts
from s4jr.mail.emails import Email, email_link, write_from
from s4jr.mail.services import queue_emails
from s4jr.security.row_by_row import made_for_each

#: By how many emails of this round were written before.
KINDS = ("profile-renewal", "profile-reminder", "profile-last-reminder")
#: So that one run is short, whatever waits; the others have their turn at the next.
AT_ONCE = 200


def write_renewals(today: date | None = None) -> int:
    """Write every email and reminder that is due. Returns how many representatives had their turn."""
    today = today or timezone.now().date()
    due = Representative.objects.due_for_renewal(today).select_related("user").order_by("consent_until", "pk")
    return sum(made_for_each(due[:AT_ONCE], partial(ask, today=today)))


@transaction.atomic
def ask(profile: Representative, today: date) -> int:
    """Write the email that is next for one of them, once. Who has no address finds the notice at the desk."""
    this = Representative.objects.filter(pk=profile.pk, emails_written=profile.emails_written)
    if not this.update(emails_written=profile.emails_written + 1, asked_on=today):
        return 0
    _make_time_for_reminders(profile, today)
    if profile.user.address:
        known = profile.renewal_token if profile.emails_written else ""
        token = known or give_renewal_link(Representative.objects.filter(pk=profile.pk))
        queue_emails([_write_email(profile, token)])
    return 1


def _make_time_for_reminders(profile: Representative, today: date) -> None:
    """A profile that is shown stays until the reminders that remain have come, also where emails were late.

    One that hides already is not brought back by an email: only its owner's press does that.
    """
    until = today + time_for_emails(profile.emails_written)
    if today - WAITS_FOR_EMAILS <= profile.consent_until < until:
        later = Greatest("consent_until", Value(until))
        Representative.objects.filter(pk=profile.pk, consent_until=profile.consent_until).update(consent_until=later)
        profile.consent_until = until


def _write_email(profile: Representative, token: str) -> Email:
    kind = KINDS[profile.emails_written]
    with translation.override(profile.language):
        until = formats.date_format(profile.consent_until, "DATE_FORMAT")
    subject, body = write_from(
        LiveTexts(profile.language).text(f"emails/{kind}"),
        until=until,
        renew_link=email_link("renew_profile", profile.language, token=token),
    )
    return Email(
        to=profile.user.address,
        subject=subject,
        body=body,
        kind=kind,
        dedupe_key=f"{kind}:{profile.pk}:{profile.confirmed_on}",
        about=profile.about,
        language=profile.language,
    )
