"""Suppressed addresses: the scope of each suppression, and what lifts it."""

import pytest

from s4jr.mail.kinds import TO_MANY
from s4jr.mail.models import OutgoingEmail, Suppression
from s4jr.mail.services import allow_emails, stop_emails
from tests import cast

pytestmark = pytest.mark.django_db
Reason, Scope = Suppression.Reason, Suppression.Scope


def suppressed_for(to_index="index"):
    """Return whether a personal email and an announcement to this address are suppressed."""
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
def test_a_suppression_covers_only_its_scope(scopes, stopped):
    for scope in scopes:
        stop_emails("index", Reason.UNSUBSCRIBED, scope)
    assert (suppressed_for(), suppressed_for("another")) == (stopped, [False, False])


def test_a_suppressed_address_has_a_reason_and_others_have_none():
    stop_emails("index", Reason.BOUNCED)
    said = [Suppression.objects.reason_for(to_index) for to_index in ("index", "another", None)]
    assert said == [Reason.BOUNCED, None, None]
    assert said[0].label == "the address doesn’t exist"


def test_announcements_and_emails_have_separate_reasons():
    stop_emails("index", Reason.UNSUBSCRIBED, Scope.ANNOUNCEMENTS)
    assert [Suppression.objects.reason_for("index", kind) for kind in ("", TO_MANY)] == [None, Reason.UNSUBSCRIBED]
    stop_emails("index", Reason.BOUNCED)
    assert [Suppression.objects.reason_for("index", kind) for kind in ("", TO_MANY)] == [Reason.BOUNCED] * 2


def test_never_cannot_be_replaced_or_lifted():
    stop_emails("index", Reason.UNSUBSCRIBED)
    stop_emails("index", Reason.NEVER)
    stop_emails("index", Reason.UNSUBSCRIBED)
    allow_emails("index")
    allow_emails("index", Scope.ANNOUNCEMENTS)
    assert [(row.reason, row.scope) for row in Suppression.objects.all()] == [(Reason.NEVER, Scope.EVERY_EMAIL)]


@pytest.mark.parametrize(
    ("lifted", "stopped"), [(Scope.EVERY_EMAIL, [False, True]), (Scope.ANNOUNCEMENTS, [True, True])]
)
def test_lifting_one_scope_leaves_the_other(lifted, stopped):
    for scope in Scope:
        stop_emails("index", Reason.UNSUBSCRIBED, scope)
    allow_emails("index", lifted)
    assert (suppressed_for(), Suppression.objects.count()) == (stopped, 1)


@pytest.mark.parametrize(("scope", "left"), [(Scope.EVERY_EMAIL, []), (Scope.ANNOUNCEMENTS, ["test"])])
def test_a_suppression_cancels_the_pending_emails_of_its_scope(scope, left):
    email = cast.written()
    cast.written(kind=TO_MANY)
    stop_emails(email.to_index, Reason.UNSUBSCRIBED, scope)
    assert [row.kind for row in OutgoingEmail.objects.not_canceled()] == left
