"""Consent to a public profile: it runs for a while, is asked for anew by email, and is given again by one press."""

import secrets
from datetime import timedelta

from django.db.models import Q
from django.utils import timezone

from chapters.local_days import places_by_day
from chapters.regions import WITH_REGIONS
from s4jr.crypto.blind_index import keyed_hash
from s4jr.days import westernmost_today

TOKEN_BYTES = 16
#: An email asks again once in 90 days; whoever does not press has two reminders.
ASKED_AFTER = timedelta(days=90)
REMINDED_AFTER = timedelta(days=7)
REMINDERS = 2
#: From the press until the profile hides: a week after the second reminder.
LASTS = ASKED_AFTER + (REMINDERS + 1) * REMINDED_AFTER
#: How long a hidden profile can come back by the same press; then it is emptied.
KEPT_HIDDEN = timedelta(days=30)
#: Nothing hides before all emails were written; but no profile waits longer than this for emails that are late.
WAITS_FOR_EMAILS = timedelta(days=60)

EMPTY_PROFILE = {
    "display_name": "",
    "pronouns": "",
    "words": "",
    "languages": "",
    "photo": None,
    "photo_alt": "",
    "shows_region": False,
    "mandated_reporter": "",
    "ties": "",
    "searched": "",
    "answer_days": "",
    "confirmed_on": None,
    "consent_until": None,
    "emails_written": 0,
    "asked_on": None,
    "renewal_token": "",
    "renewal_hash": None,
}


def token_hash(token):
    """What is kept of a renewal link's token, 64 hex digits under INDEX_KEY."""
    return keyed_hash("renewal-link", token)


def shown_on(today=None):
    """Whose profile is shown: their consent runs, or it ran out while we still owed them an email that asks for it.

    A consent is over when its last day is over in the place that they represent.
    """
    owed = Q(emails_written__lte=REMINDERS, consent_until__gte=(today or westernmost_today()) - WAITS_FOR_EMAILS)
    return (Q(consent_until__gte=today) if today else _runs_in_its_place()) | owed


def _runs_in_its_place():
    days = places_by_day()
    runs = Q(consent_until__gte=max(days))
    for day, codes in sorted(days.items())[:-1]:
        of_country = Q(country__in=codes) & (Q(region="") | ~Q(country__in=WITH_REGIONS))
        runs |= Q(consent_until__gte=day) & (Q(region__in=codes) | of_country)
    return runs


def time_for_emails(emails_written):
    """From the email that is next until the profile hides: the reminders that remain, and a week after the last."""
    return (REMINDERS - emails_written + 1) * REMINDED_AFTER


class ConsentQuerySet:
    """What the QuerySet of representatives knows of their consent."""

    def public(self, today=None):
        """Those who serve and whose profile is shown."""
        return self.serving(today).filter(shown_on(today))

    def hidden(self, today=None):
        """Those who serve and whose profile hides because nobody pressed; one press brings it back."""
        return self.serving(today).filter(~shown_on(today), consent_until__isnull=False)

    def due_for_renewal(self, today=None):
        """Those who serve and have not yet had the email, or the reminder, that is due by today."""
        day = today or timezone.now().date()
        never = Q(emails_written=0, confirmed_on__lte=day - ASKED_AFTER)
        again = Q(emails_written__range=(1, REMINDERS), asked_on__lte=day - REMINDED_AFTER)
        return self.serving(today).filter(never | again, consent_until__isnull=False)

    def renew(self, today=None):
        """The one press: consent and "confirmed on" together, of those with a profile. Returns how many it changed."""
        day = today or timezone.now().date()
        with_a_profile = self.serving(today).exclude(display_name="").exclude(confirmed_on=day, emails_written=0)
        return self._of(with_a_profile).update(confirmed_on=day, consent_until=day + LASTS, emails_written=0)

    def hide(self, today=None):
        """They no longer wish to be shown. For thirty days a press at the desk brings it back; no email does."""
        # Yesterday in the westernmost place is over in every other.
        over = {"consent_until": (today or westernmost_today()) - timedelta(days=1), "emails_written": 1 + REMINDERS}
        return self.filter(shown_on(today)).update(**over, renewal_token="", renewal_hash=None)

    def with_link(self, token):
        """Those who hold the link with this token and still serve."""
        return self.serving().filter(renewal_hash=token_hash(token))

    def give_link(self):
        """A token of 128 random bits for the one representative found, the same in all emails of a round."""
        token = secrets.token_urlsafe(TOKEN_BYTES)
        self.update(renewal_token=token, renewal_hash=token_hash(token))
        return token

    def empty_old_profiles(self, today=None):
        """Empty every profile whose consent, or whose term, ended thirty days ago. Returns how many.

        Whose emails were late keeps a hidden profile until all were written and a week has passed, so that a press can
        still bring it back; sixty days after the consent ended it is emptied even so, for their privacy.
        """
        today = today or timezone.now().date()
        before = today - KEPT_HIDDEN
        answered_nothing = self._had_all_emails(today) | Q(consent_until__lt=today - WAITS_FOR_EMAILS)
        filled = self.exclude(display_name="", pronouns="", words="", languages="", photo_alt="", ties="")
        over = Q(consent_until__lt=before) & answered_nothing | Q(ends_on__lt=before)
        return filled.filter(over).update(**EMPTY_PROFILE)

    def _had_all_emails(self, today):
        a_week_ago = Q(asked_on=None) | Q(asked_on__lte=today - REMINDED_AFTER)
        return Q(emails_written__gt=REMINDERS) & a_week_ago

    def _of(self, found):
        """The same rows by their keys: an UPDATE joins no other table."""
        return self.model.objects.filter(pk__in=found.values("pk"))
