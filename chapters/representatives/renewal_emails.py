"""Emails that ask to renew the consent to a profile. They do not name the coalition: others may see the inbox."""

from datetime import date, datetime, time, timedelta
from functools import partial

from django.db import transaction
from django.db.models import Value
from django.db.models.functions import Greatest
from django.utils import formats, timezone, translation

from chapters.models import Representative
from chapters.representatives.consent import WAITS_FOR_EMAILS, time_for_emails
from chapters.representatives.services import give_renewal_link
from s4jr.content.live_texts import LiveTexts, TextsOf, texts_by_language
from s4jr.mail.emails import Email, email_link, write_from
from s4jr.mail.services import queue_emails
from s4jr.security.row_by_row import made_for_each

#: The kind of the next email, by the number of emails written in this round.
KINDS = ("profile-renewal", "profile-reminder", "profile-last-reminder")
#: The maximum of one run, to keep it short; the rest follows in the next run.
AT_ONCE = 200


def write_renewals(today: date | None = None) -> int:
    """Writes every email and reminder that is due. Returns how many representatives were processed."""
    today = today or timezone.now().date()
    due = Representative.objects.due_for_renewal(today).select_related("user").order_by("consent_until", "pk")
    return sum(made_for_each(due[:AT_ONCE], partial(ask, today=today, texts=texts_by_language())))


@transaction.atomic
def ask(profile: Representative, today: date, texts: TextsOf = LiveTexts) -> int:
    """Writes the next email for a profile, once. Without an address, only their representative page shows a notice.

    Returns 0 if there is no consent to renew, or if another process has written this email.
    """
    this = Representative.objects.filter(pk=profile.pk, emails_written=profile.emails_written)
    if profile.consent_until is None or not this.update(emails_written=profile.emails_written + 1, asked_on=today):
        return 0
    until = _extend_for_reminders(profile, profile.consent_until, today)
    if profile.user.address:
        known = profile.renewal_token if profile.emails_written else ""
        token = known or give_renewal_link(Representative.objects.filter(pk=profile.pk))
        queue_emails([_write_email(profile, token, until, texts)])
    return 1


def _extend_for_reminders(profile: Representative, consent_until: date, today: date) -> date:
    """Extends a public profile until all remaining reminders are sent, also if emails were late. Returns its last day.

    An email does not bring a hidden profile back: only its owner can.
    """
    until = today + time_for_emails(profile.emails_written)
    if not today - WAITS_FOR_EMAILS <= consent_until < until:
        return consent_until
    later = Greatest("consent_until", Value(until))
    Representative.objects.filter(pk=profile.pk, consent_until=consent_until).update(consent_until=later)
    return until


def _write_email(profile: Representative, token: str, until: date, texts: TextsOf) -> Email:
    kind = KINDS[profile.emails_written]
    with translation.override(profile.language):
        last_day = formats.date_format(until, "DATE_FORMAT")
    subject, body = write_from(
        texts(profile.language).text(f"emails/{kind}"),
        until=last_day,
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
        not_after=_end_of(until),
    )


def _end_of(day: date) -> datetime:
    """When a day is over in UTC. An email that names it as a day to come is not sent afterwards."""
    return timezone.make_aware(datetime.combine(day + timedelta(days=1), time.min))
