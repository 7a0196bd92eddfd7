"""Invitations in the list of users: their state, canceling them, and making a new link."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from s4jr.accounts.models import Invitation, User
from s4jr.accounts.services import COMMAND_LINE, NO_ROLE, Role, invite_user
from tests import make
from tests.accounts.test_invitations import BOTH
from tests.query_counts import for_one_and_thirty
from tests.races import race
from tests.reading import Page, words

pytestmark = pytest.mark.django_db
USERS = reverse("admin:accounts_user_changelist")


@pytest.fixture(autouse=True)
def _second_factor_asked_for(settings):
    settings.STAFF_SECOND_FACTOR = True


@pytest.fixture
def ada(client):
    return make.signed_in_staff(client, "ada")


def invited(username="katherine", role=NO_ROLE):
    user = User(username=username)
    link = invite_user(user, role, by=COMMAND_LINE)
    return user, link[link.index("/invitation/") :]


def cancel(user):
    return reverse("admin:accounts_user_cancel", args=[user.pk])


def new_link(user):
    return reverse("admin:accounts_user_new_link", args=[user.pk])


def listed(client):
    """{username: (words about the invitation, addresses of the buttons)} of the list."""
    page = Page(client.get(USERS).content.decode())
    names = [words(cell) for cell in page.all(class_="field-username")]
    states = [words(cell) for cell in page.all(class_="field-invitation")]
    buttons = {e["aria-label"].split()[-1]: e["formaction"] for e in page.elements if "formaction" in e}
    return {name: (state, buttons.get(name)) for name, state in zip(names, states, strict=True)}


def said(response):
    """The last message: the first may be about signing in."""
    return [*map(str, response.context["messages"])][-1]


def test_the_list_says_what_became_of_each_invitation(client, ada):
    users = {name: invited(name) for name in ("open", "used", "expired", "canceled", "purged", "off")}
    Client().post(users["used"][1], BOTH)
    moment = datetime(2126, 12, 3, 14, 5, tzinfo=UTC)
    theirs = {name: Invitation.objects.filter(user=user) for name, (user, _) in users.items()}
    theirs["open"].update(expires_at=moment)
    theirs["expired"].update(expires_at=timezone.now() - timedelta(seconds=1))
    theirs["canceled"].update(canceled_at=timezone.now())
    theirs["purged"].delete()
    User.objects.filter(username="off").update(is_active=False)
    again = {name: new_link(users[name][0]) for name in ("expired", "canceled", "purged")}
    assert listed(client) == {
        "ada": ("Used", None),
        "expired": ("Expired New link", again["expired"]),
        "off": ("Can’t sign in", None),
        "open": ("Open until December 3, 2:05 p.m. UTC Cancel invitation", cancel(users["open"][0])),
        "purged": ("Expired New link", again["purged"]),
        "used": ("Used", None),
        "canceled": ("Canceled New link", again["canceled"]),
    }


def test_the_list_shows_role_and_day_of_the_last_sign_in(client, ada):
    invited("katherine")
    User.objects.filter(username="ada").update(last_login=datetime(2026, 11, 30, 23, 59, tzinfo=UTC))
    page = Page(client.get(USERS).content.decode())
    rows = [[words(cell) for cell in page.all(class_=f"field-{name}")] for name in ("role", "last_sign_in")]
    assert rows == [["Owner", "No role"], ["November 30, 2026", "Never"]]


def test_the_list_takes_as_many_queries_for_thirty_invitations_as_for_one(client, ada):
    def create(number):
        user, _ = invited(f"helper{number}")
        made = Invitation.objects.filter(user=user)
        if number % 3 == 1:
            made.update(canceled_at=timezone.now())
        if number % 3 == 2:
            made.update(expires_at=timezone.now())

    one, thirty = for_one_and_thirty(create, lambda: client.get(USERS))
    states = [state.split()[0] for state, _ in listed(client).values()]
    assert (one, [states.count(word) for word in ("Open", "Canceled", "Expired", "Used")]) == (thirty, [10, 10, 10, 1])


def test_the_button_cancels_and_the_message_says_what_follows(client, ada):
    user, address = invited()
    answer = client.post(cancel(user), follow=True)
    assert said(answer) == (
        "The invitation for katherine is canceled and its link no longer works. No email was sent. "
        "To undo this, select “New link” next to their name."
    )
    assert listed(client)["katherine"] == ("Canceled New link", new_link(user))
    assert Client().get(address).status_code == 404


def test_an_invitation_that_was_used_meanwhile_stays_and_the_message_says_what_to_do(client, ada):
    user, address = invited()
    theirs = Client()
    theirs.post(address, BOTH)
    answer = client.post(cancel(user), follow=True)
    assert said(answer) == (
        "Nothing was canceled: katherine has no open invitation anymore. The list shows what happened. "
        "To keep someone out, open their name and clear “Can sign in.”"
    )
    assert int(theirs.session["_auth_user_id"]) == user.pk


def test_a_new_link_is_shown_once_and_works(client, ada):
    user, earlier = invited()
    client.post(cancel(user))
    link = client.post(new_link(user)).context["link"]
    address = link[link.index("/invitation/") :]
    assert ([Client().get(one).status_code for one in (earlier, address)], Invitation.objects.get().made_by) == (
        [404, 200], ada
    )  # fmt: skip


def test_who_can_sign_in_gets_no_new_link_and_the_message_says_what_to_do(client, ada):
    user, address = invited()
    Client().post(address, BOTH)
    answer = client.post(new_link(user), follow=True)
    assert said(answer) == (
        "No link was created: katherine has signed in before, or may not sign in. "
        "If they lost their sign-in, open their name and select “Recover a lost sign-in.”"
    )


@pytest.mark.parametrize("where", [cancel, new_link])
def test_only_a_post_changes_an_invitation(client, ada, where):
    user, address = invited()
    assert (client.get(where(user)).status_code, Client().get(address).status_code) == (405, 200)


@pytest.mark.parametrize("where", [cancel, new_link])
def test_who_may_not_change_a_user_leaves_their_invitation_alone(client, where):
    make.signed_in_staff(client, "bo", superuser=False)
    user, address = invited()
    assert (client.post(where(user)).status_code, Client().get(address).status_code) == (403, 200)


def test_a_user_manager_manages_the_invitations_of_users_who_are_no_owners(client):
    bo = make.signed_in_staff(client, "bo", superuser=False)
    bo.groups.add(make.group("Coordinator"))
    user, _ = invited("katherine")
    owner, address = invited("olive", Role(is_superuser=True))
    buttons = {name: button for name, (_, button) in listed(client).items()}
    assert buttons == {"bo": None, "katherine": cancel(user), "olive": None}
    assert (client.post(cancel(owner)).status_code, Client().get(address).status_code) == (403, 200)


@pytest.mark.parametrize("where", [cancel, new_link])
def test_a_missing_user_is_404(client, ada, where):
    assert client.post(where(User(pk=0))).status_code == 404


def test_the_page_with_a_new_link_and_the_page_of_the_user_offer_to_cancel_it(client, ada):
    page = client.post(reverse("admin:accounts_user_add"), {"username": "katherine", "role": "none"})
    user = User.objects.get(username="katherine")
    own = client.get(reverse("admin:accounts_user_change", args=[user.pk]))
    assert [f'action="{cancel(user)}"' in one.content.decode() for one in (page, own)] == [True, True]
    client.post(cancel(user))
    own = client.get(reverse("admin:accounts_user_change", args=[user.pk]))
    assert cancel(user) not in own.content.decode()


@pytest.mark.django_db(transaction=True)
def test_two_admins_who_cancel_the_same_invitation_get_one_success(client, ada):
    bo = Client()
    make.signed_in_staff(bo, "bo")
    user, _ = invited()
    race(*[lambda admin=admin: admin.post(cancel(user)) for admin in (client, bo)])
    answers = [said(admin.get(USERS)) for admin in (client, bo)]
    assert sorted(answer.partition(":")[0].partition(" for ")[0] for answer in answers) == [
        "Nothing was canceled", "The invitation"
    ]  # fmt: skip


def test_a_canceled_recovery_link_is_not_replaced_by_one_that_the_admin_sees(client, ada):
    """It went to the address of the user. The admin who helps must not be able to take over the account."""
    grace = make.admin("grace", address="grace@mailbox.example")
    User.objects.filter(pk=grace.pk).update(last_login=timezone.now())
    client.post(reverse("admin:accounts_user_recover", args=[grace.pk]))
    answer = client.post(cancel(grace), follow=True)
    assert said(answer) == (
        "The link for grace is canceled and no longer works. No email was sent. "
        "To undo this, open their name and select “Recover a lost sign-in.”"
    )
    refused = client.post(new_link(grace), follow=True)
    assert (listed(client)["grace"], said(refused).partition(":")[0]) == (
        ("Canceled", None), "No link was created"
    )  # fmt: skip
