"""Addresses that get no emails, or no announcements: what each stop is about, and what lifts it."""

import pytest

from s4jr.mail.kinds import TO_MANY
from s4jr.mail.models import OutgoingEmail, Suppression
from s4jr.mail.services import allow_emails, stop_emails
from tests import cast

pytestmark = pytest.mark.django_db
Reason, Scope = Suppression.Reason, Suppression.Scope


def stopped_for(to_index="index"):
    """For which of an email to one person and an announcement this address is without emails."""
    return [bool(Suppression.objects.among({to_index}, kind)) for kind in ("welcome", TO_MANY)]


@pytest.mark.parametrize(
    ("scopes", "stopped"),
    [
        ([], [False, False]),
        ([Scope.ANNOUNCEMENTS], [False, True]),
        ([Scope.EVERY_EMAIL], [True, True]),
        ([Scope.ANNOUNCEMENTS, Scope.EVERY_EMAIL], [True, True]),
    ],
)
def test_a_stop_is_about_its_scope_and_no_more(scopes, stopped):
    for scope in scopes:
        stop_emails("index", Reason.UNSUBSCRIBED, scope)
    assert (stopped_for(), stopped_for("another")) == (stopped, [False, False])


def test_an_address_without_emails_says_why_and_others_say_nothing():
    stop_emails("index", Reason.BOUNCED)
    said = [Suppression.objects.reason_for(to_index) for to_index in ("index", "another", None)]
    assert said == [Reason.BOUNCED, None, None]
    assert said[0].label == "the address doesn’t exist"


def test_why_there_is_no_news_is_not_why_there_is_no_email():
    stop_emails("index", Reason.UNSUBSCRIBED, Scope.ANNOUNCEMENTS)
    assert [Suppression.objects.reason_for("index", kind) for kind in ("", TO_MANY)] == [None, Reason.UNSUBSCRIBED]
    stop_emails("index", Reason.BOUNCED)
    assert [Suppression.objects.reason_for("index", kind) for kind in ("", TO_MANY)] == [Reason.BOUNCED] * 2


def test_never_is_not_weakened_and_not_lifted():
    stop_emails("index", Reason.UNSUBSCRIBED)
    stop_emails("index", Reason.NEVER)
    stop_emails("index", Reason.UNSUBSCRIBED)
    allow_emails("index")
    allow_emails("index", Scope.ANNOUNCEMENTS)
    assert [(row.reason, row.scope) for row in Suppression.objects.all()] == [(Reason.NEVER, Scope.EVERY_EMAIL)]


@pytest.mark.parametrize(
    ("lifted", "stopped"), [(Scope.EVERY_EMAIL, [False, True]), (Scope.ANNOUNCEMENTS, [True, True])]
)
def test_lifting_one_stop_leaves_the_other(lifted, stopped):
    for scope in Scope:
        stop_emails("index", Reason.UNSUBSCRIBED, scope)
    allow_emails("index", lifted)
    assert (stopped_for(), Suppression.objects.count()) == (stopped, 1)


@pytest.mark.parametrize(("scope", "left"), [(Scope.EVERY_EMAIL, []), (Scope.ANNOUNCEMENTS, ["test"])])
def test_stopping_calls_back_the_waiting_emails_it_is_about(scope, left):
    email = cast.written()
    cast.written(kind=TO_MANY)
    stop_emails(email.to_index, Reason.UNSUBSCRIBED, scope)
    assert [row.kind for row in OutgoingEmail.objects.not_canceled()] == left
