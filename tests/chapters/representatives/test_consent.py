"""Consent to a public profile: how long it lasts, when its owner is asked, and what a renewal does."""

from datetime import timedelta

import pytest
from django.db import IntegrityError
from django.utils import formats

from chapters.models import Representative
from chapters.representative_messages import services as message_services
from chapters.representatives.consent import KEPT_HIDDEN, LASTS
from chapters.representatives.renewal_emails import ask, write_renewals
from chapters.representatives.services import empty_old_profiles, hide_profiles, renew_consent
from s4jr.mail.models import OutgoingEmail
from tests.chapters import cast

pytestmark = pytest.mark.django_db


def days_ago(days):
    return cast.today() - timedelta(days=days)


def confirmed(days, **fields):
    """Orla, who confirmed her profile this many days ago."""
    return cast.representative(confirmed_on=days_ago(days), **fields)


def emails():
    return list(OutgoingEmail.objects.order_by("created_at").values_list("kind", flat=True))


def run(days):
    """Run the daily task this many days from today; return the days on which it sent an email."""
    return [n for n in range(days) if write_renewals(cast.today() + timedelta(days=n))]


def test_consent_lasts_until_a_week_after_the_second_reminder():
    profile = cast.representative()
    Representative.objects.update(emails_written=3)
    last_day = profile.confirmed_on + LASTS
    assert Representative.objects.public(last_day).count() == 1
    assert Representative.objects.public(last_day + timedelta(days=1)).count() == 0
    assert Representative.objects.hidden(last_day + timedelta(days=1)).count() == 1


def test_an_email_after_ninety_days_and_two_reminders_come_before_a_profile_hides():
    profile = cast.representative()
    assert run(200) == [90, 97, 104]
    assert emails() == ["profile-renewal", "profile-reminder", "profile-last-reminder"]
    assert (profile.consent_until - profile.confirmed_on).days == 111


def test_after_a_long_outage_the_task_sends_one_email_at_a_time():
    confirmed(105)
    assert run(30) == [0, 7, 14]


@pytest.mark.parametrize(("written", "more"), [(0, 21), (1, 14), (2, 7)])
def test_a_late_email_leaves_time_for_the_reminders_and_states_the_new_date(written, more):
    profile = confirmed(111, emails_written=written, asked_on=days_ago(8), renewal_token="a token")
    write_renewals()
    profile.refresh_from_db()
    until = cast.today() + timedelta(days=more)
    assert (profile.consent_until, profile.renewal_is_due) == (until, True)
    assert formats.date_format(until, "DATE_FORMAT") in OutgoingEmail.objects.get().body


def test_a_profile_hides_only_after_the_email_and_both_reminders():
    confirmed(111)
    assert run(40) == [0, 7, 14]
    shown = [n for n in range(40) if Representative.objects.public(cast.today() + timedelta(days=n)).exists()]
    assert (shown, emails()) == (list(range(22)), ["profile-renewal", "profile-reminder", "profile-last-reminder"])


def test_no_profile_hides_during_a_beat_outage_before_the_reminders():
    profile = confirmed(LASTS.days + 40)
    assert (Representative.objects.public().count(), Representative.objects.hidden().count()) == (1, 0)
    assert (profile.is_public, profile.renewal_is_due) == (True, True)
    assert run(40) == [0, 7, 14]
    shown = [n for n in range(40) if Representative.objects.public(cast.today() + timedelta(days=n)).exists()]
    assert shown == list(range(22))


@pytest.mark.parametrize(("over", "written"), [(62, 0), (2, 3)], ids=["emails too late", "all emails written"])
def test_a_late_email_does_not_show_a_hidden_profile(over, written):
    profile = confirmed(LASTS.days + over, emails_written=written, asked_on=days_ago(7))
    write_renewals()
    assert (Representative.objects.public().count(), Representative.objects.hidden().count()) == (0, 1)
    assert (profile.is_public, Representative.objects.get().consent_until) == (False, profile.consent_until)


@pytest.mark.parametrize(
    ("over", "written", "asked", "emptied"),
    [(31, 0, None, 0), (60, 2, 8, 0), (61, 0, None, 1), (40, 3, 6, 0), (40, 3, 7, 1)],
    ids=["no email", "no last reminder", "sixty days over", "last reminder just now", "a week ago"],
)
def test_a_hidden_profile_waits_at_most_sixty_days_for_late_emails(over, written, asked, emptied):
    confirmed(LASTS.days + over, emails_written=written, asked_on=asked and days_ago(asked))
    assert empty_old_profiles() == emptied


def test_an_email_is_written_once_even_if_the_task_runs_again():
    confirmed(90)
    assert [write_renewals(), write_renewals()] == [1, 0]
    assert emails() == ["profile-renewal"]


def test_two_concurrent_tasks_write_one_email():
    confirmed(90)
    first, second = Representative.objects.due_for_renewal().get(), Representative.objects.due_for_renewal().get()
    assert [ask(first, cast.today()), ask(second, cast.today())] == [1, 0]
    assert emails() == ["profile-renewal"]


def test_a_renewal_updates_consent_and_date_together():
    profile = confirmed(95, emails_written=1, asked_on=days_ago(5))
    assert renew_consent(Representative.objects.filter(pk=profile.pk)) == 1
    profile.refresh_from_db()
    assert (profile.confirmed_on, profile.consent_until) == (cast.today(), cast.today() + LASTS)
    assert profile.emails_written == 0
    assert run(90) == []


def test_a_second_renewal_changes_nothing():
    profile = confirmed(95, emails_written=1, asked_on=days_ago(5))
    found = Representative.objects.filter(pk=profile.pk)
    assert [renew_consent(found), renew_consent(found)] == [1, 0]


def test_a_renewal_shows_a_hidden_profile_again():
    profile = confirmed(115, emails_written=3, asked_on=days_ago(11))
    assert Representative.objects.public().count() == 0
    renew_consent(Representative.objects.filter(pk=profile.pk))
    assert Representative.objects.public().count() == 1


def test_a_renewal_shows_no_ended_term_or_empty_profile():
    cast.representative(begins_on=days_ago(9), ends_on=days_ago(2), confirmed_on=None)
    cast.representative("bram", display_name="", confirmed_on=None)
    assert renew_consent(Representative.objects.all()) == 0


def test_the_database_refuses_consent_without_a_name():
    with pytest.raises(IntegrityError):
        cast.representative(display_name="")


def test_a_withdrawn_profile_is_hidden_and_gets_no_emails():
    profile = confirmed(95, emails_written=1, asked_on=days_ago(5), renewal_token="a token", renewal_hash="a hash")
    assert hide_profiles(Representative.objects.filter(pk=profile.pk)) == 1
    assert Representative.objects.public().count() == 0
    assert run(30) == []
    profile.refresh_from_db()
    assert (profile.renewal_token, profile.renewal_hash) == ("", None)


def test_ended_terms_and_profiles_without_consent_get_no_emails():
    cast.representative(begins_on=days_ago(200), ends_on=days_ago(2), confirmed_on=days_ago(95))
    cast.representative("bram", confirmed_on=None)
    assert run(1) == []


def test_a_representative_without_an_address_sees_the_notice_on_their_page():
    profile = confirmed(91, user=cast.person(address=""))
    assert (write_renewals(), emails()) == (1, [])
    assert profile.renewal_is_due is True
    assert confirmed(89, username="bram").renewal_is_due is False


def test_a_hidden_profile_is_emptied_after_thirty_days():
    written = {"emails_written": 3, "asked_on": days_ago(96)}
    profile = confirmed(200, photo=b"a picture", photo_alt="Bands", ties="None.", languages="English", **written)
    kept_until = profile.consent_until + KEPT_HIDDEN
    assert empty_old_profiles(kept_until) == 0
    assert empty_old_profiles(kept_until + timedelta(days=1)) == 1
    left = Representative.objects.values("display_name", "words", "languages", "ties", "photo", "photo_alt").get()
    assert set(left.values()) == {"", None}
    assert empty_old_profiles(kept_until + timedelta(days=1)) == 0


def test_a_profile_is_emptied_thirty_days_after_the_term_even_if_it_was_never_shown():
    cast.representative(begins_on=days_ago(90), ends_on=days_ago(31), confirmed_on=None)
    cast.representative("bram", begins_on=days_ago(90), ends_on=days_ago(30), confirmed_on=days_ago(60))
    assert empty_old_profiles() == 1
    assert set(Representative.objects.values_list("display_name", flat=True)) == {"", "Orla Invented"}


def test_an_active_profile_is_never_emptied():
    cast.representative()
    assert empty_old_profiles() == 0


@pytest.mark.parametrize(("answers", "usual"), [([], None), ([1, 9], None), ([1, 9, 2], 2), ([1, 2, 4, 9], 3)])
def test_the_usual_response_time_needs_three_answers(answers, usual):
    profile = cast.representative()
    for days in answers:
        message_services.record_answer_time(Representative.objects.filter(pk=profile.pk), days)
    profile.refresh_from_db()
    assert profile.usual_days == usual


def test_the_usual_response_time_ignores_old_answers():
    profile = cast.representative()
    for days in [90] * 9 + [1] * 9:
        message_services.record_answer_time(Representative.objects.filter(pk=profile.pk), days)
    profile.refresh_from_db()
    assert profile.answer_days == "1 1 1 1 1 1 1 1 1"
